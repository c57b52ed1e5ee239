export { JoinByCode } from './JoinByCode';
export { NewRoomDialog } from './NewRoomDialog';
export { RoomList } from './RoomList';
export { forgetRooms } from './roomList';
export { inviteLink, roomPath } from './roomRef';
export { refusalWords, type RefusalWords } from './refusal';
export { useRoomPreview } from './preview';
