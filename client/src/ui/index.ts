export { Avatar } from './Avatar';
export { Button, buttonClass } from './Button';
export { Checkbox } from './Checkbox';
export { ConfirmDialog } from './ConfirmDialog';
export { cx } from './cx';
export { Dialog } from './Dialog';
export { directionOf, isolated } from './direction';
export { emojiKey, EMOJIS } from './emoji';
export { EmojiPicker } from './EmojiPicker';
export { AvatarUrlsContext, type AvatarUrls } from './avatarUrls';
export { Field } from './Field';
export {
  foldersMessage,
  transferredFiles,
  isPastedText,
  type TransferredFiles,
} from './transferredFiles';
export { IconButton } from './IconButton';
export { keyOf, letterOf } from './keys';
export { Logo } from './Logo';
export { Menu, menuDangerClass, menuItemClass } from './Menu';
export { Notice } from './Notice';
export { saveFile } from './saveFile';
export { Select } from './Select';
export { TabPanel, Tabs, type Tab } from './Tabs';
export { copyText } from './copyText';
export { ThemeMenu } from './ThemeMenu';
export { ThemeSwitch } from './ThemeSwitch';
export { isTextInput } from './textInput';
export { useKeptFocus } from './useKeptFocus';
export { useToday } from './useToday';
export { LoadingScreen } from './LoadingScreen';
