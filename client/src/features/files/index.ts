export { AttachButtons } from './AttachButtons';
export { AttachedFile } from './AttachedFile';
export { DropZone } from './DropZone';
export { FileList } from './FileList';
export { createFiles, type Files } from './files';
export { createPictures } from './pictures';
export { Uploads } from './Uploads';
