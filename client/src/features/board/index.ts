export { createBoard, type Board } from './model/board';
export { BoardView } from './view/BoardView';
