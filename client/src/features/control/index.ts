export { createControl, type Control } from './control';
export { ModerationItems, useMayAct, type Person, type Question } from './ModerationItems';
export { QuestionDialog } from './QuestionDialog';
export { RemoveGuests } from './RemoveGuests';
export { SettingsDialog } from './SettingsDialog';
export { WaitingBanner } from './WaitingBanner';
