/** The application's phase, shared by the modules that depend on it. */
export const appState = {
  ready: false,
  /** Set by `app.quit()`: windows are being closed for good, so `window-all-closed` is not emitted. */
  quitting: false,
};
