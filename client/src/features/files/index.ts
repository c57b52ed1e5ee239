export { FileList } from './FileList';
export { sharedFiles } from './sharedFiles';
