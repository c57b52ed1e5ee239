export { createLocalMedia, type LocalMedia } from './localMedia';
export { createCall, type Call } from './call';
export { PreJoin } from './PreJoin';
export { CallGrid } from './CallGrid';
export { CallControls } from './CallControls';
