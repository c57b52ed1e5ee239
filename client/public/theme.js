// Kept apart from the bundle to run before the first paint; the key is the one in src/ui/theme.ts.
try {
  var theme = localStorage.getItem('studyrooms.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; the system's theme will do.
}
