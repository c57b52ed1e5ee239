export { createLocalMedia, type LocalMedia } from './media/localMedia';
export { createCall, type Call } from './call';
export { PreJoin } from './prejoin/PreJoin';
export { CallGrid } from './tiles/CallGrid';
export { CallControls } from './CallControls';
