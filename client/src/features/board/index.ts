export { createBoard, type Board } from './board';
export { BoardView } from './BoardView';
