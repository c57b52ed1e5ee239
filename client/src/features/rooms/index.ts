export { startDirect, useRoomTitle } from './direct';
export { JoinByCode } from './JoinByCode';
export { createMembers, type Members } from './members';
export { NewRoomDialog } from './NewRoomDialog';
export { RoomList } from './RoomList';
export { forgetRooms } from './roomList';
export { inviteLink, parseRoomRef, roomPath } from './roomRef';
export { refusalText, type RefusalText } from './refusal';
export { useRoomPreview } from './preview';
