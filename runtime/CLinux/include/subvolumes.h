// Subvolumes of btrfs (btrfs(5), ioctl_btrfs), and sharing the content of files (ioctl_ficlone(2)).
#pragma once

#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

// `struct btrfs_ioctl_vol_args_v2` and others of <linux/btrfs.h>, which cannot be included beside <sys/mount.h>.
struct proa_subvolume {
  int64_t source;
  uint64_t transaction, flags, unused[4];
  char name[4040];
};

struct proa_btrfs_quota {
  uint64_t command, status;
};

struct proa_btrfs_lookup {
  uint64_t tree, object;
  char name[4080];
};

struct proa_btrfs_group {
  uint64_t create, number;
};

struct proa_btrfs_limit {
  uint64_t group, flags, referenced, exclusive, reserved_referenced, reserved_exclusive;
};

static inline int proa_subvolume_call(int folder, unsigned long request, int source, const char *name) {
  struct proa_subvolume arguments;
  memset(&arguments, 0, sizeof arguments);
  arguments.source = source;
  strncpy(arguments.name, name, sizeof arguments.name - 1);
  return ioctl(folder, request, &arguments);
}

// BTRFS_IOC_SUBVOL_CREATE_V2
static inline int proa_make_subvolume(int folder, const char *name) {
  return proa_subvolume_call(folder, _IOW(0x94, 24, struct proa_subvolume), 0, name);
}

// BTRFS_IOC_SNAP_CREATE_V2
static inline int proa_make_snapshot(int folder, int source, const char *name) {
  return proa_subvolume_call(folder, _IOW(0x94, 23, struct proa_subvolume), source, name);
}

// BTRFS_IOC_SNAP_DESTROY_V2; ENOTTY before Linux 5.7.
static inline int proa_remove_subvolume(int folder, const char *name) {
  return proa_subvolume_call(folder, _IOW(0x94, 63, struct proa_subvolume), 0, name);
}

// BTRFS_IOC_SUBVOL_SETFLAGS, to none: of all flags there is only that it is read-only.
static inline int proa_make_subvolume_writable(int file) {
  uint64_t flags = 0;
  return ioctl(file, _IOW(0x94, 26, uint64_t), &flags);
}

// BTRFS_IOC_INO_LOOKUP, of which only the number of the subvolume is taken that `file` is in.
static inline int proa_subvolume_number(int file, uint64_t *number) {
  struct proa_btrfs_lookup lookup = {.object = 256};
  int result = ioctl(file, _IOWR(0x94, 18, struct proa_btrfs_lookup), &lookup);
  *number = lookup.tree;
  return result;
}

// BTRFS_IOC_QGROUP_CREATE, to remove what was counted of a subvolume.
static inline int proa_remove_subvolume_count(int file, uint64_t subvolume) {
  struct proa_btrfs_group group = {.create = 0, .number = subvolume};
  return ioctl(file, _IOW(0x94, 42, struct proa_btrfs_group), &group);
}

// BTRFS_IOC_QUOTA_CTL, to enable them; BTRFS_IOC_QUOTA_RESCAN_WAIT
static inline int proa_enable_subvolume_quotas(int file) {
  struct proa_btrfs_quota quota = {.command = 1};
  return ioctl(file, _IOWR(0x94, 40, struct proa_btrfs_quota), &quota);
}
static inline int proa_wait_for_subvolume_quotas(int file) { return ioctl(file, _IO(0x94, 46)); }

// BTRFS_IOC_QGROUP_LIMIT, for what only the subvolume of `file` has.
static inline int proa_limit_subvolume(int file, uint64_t bytes) {
  struct proa_btrfs_limit limit = {.flags = 2, .exclusive = bytes};
  return ioctl(file, _IOR(0x94, 43, struct proa_btrfs_limit), &limit);
}

// FICLONE
static inline int proa_clone_content(int target, int source) { return ioctl(target, _IOW(0x94, 9, int), source); }
