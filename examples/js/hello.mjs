// Says hello in a room, and prints what it hears: node hello.mjs URL TOKEN ROOM
import { io } from 'socket.io-client';

const [url, token, roomId] = process.argv.slice(2);
const socket = io(`${url}/rooms`, { auth: { token } });
socket.on('chat:message', ({ message }) => console.log(`${message.senderName}: ${message.text}`));
await socket.emitWithAck('joinRoom', { roomId });
console.log(await socket.emitWithAck('chat:message', { roomId, text: 'Hello from JavaScript' }));
setTimeout(() => socket.disconnect(), 5000);
