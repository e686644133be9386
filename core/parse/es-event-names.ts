/** The events of eslogger's key map (macOS 27, recorded). */
const KEY_MAP_NAMES = [
  "authorization_judgement authorization_petition btm_launch_item_add btm_launch_item_remove close create cs_invalidated",
  "deleteextattr dup exec exit fork gatekeeper_user_override get_task getextattr iokit_open link listextattr login_login",
  "lw_session_login lw_session_unlock mmap mount mprotect od_attribute_value_add od_create_group od_create_user",
  "od_group_add od_group_remove od_modify_password open openssh_login openssh_logout proc_check proc_suspend_resume",
  "profile_add pty_grant remote_thread_create rename setextattr setmode signal tcc_modify trace uipc_bind uipc_connect",
  "unlink write xp_malware_detected xp_malware_remediated xpc_connect",
];

/** Further event types, by name only: documented by a third party, their keys are not known to us. */
const FURTHER_NAMES = [
  "access authentication chdir chroot clone copyfile exchangedata fcntl fsgetpath get_task_inspect get_task_name",
  "get_task_read getattrlist kextload kextunload login_logout lw_session_lock lw_session_logout profile_remove pty_close",
  "readdir remount screensharing_attach screensharing_detach searchfs setacl setattrlist setegid seteuid setflags",
  "setgid setowner setregid setreuid settime setuid stat su sudo unmount utimes",
];

export const ES_EVENT_NAMES: ReadonlySet<string> = new Set(
  [...KEY_MAP_NAMES, ...FURTHER_NAMES].flatMap((names) => names.split(" ")),
);
