#ifndef SEALBAR_INSTALL_H
#define SEALBAR_INSTALL_H

/* Makes this program the daemon that launchd starts at boot, and takes that back. Both return an exit code. */
int install_daemon(void);
int uninstall_daemon(void);

#endif
