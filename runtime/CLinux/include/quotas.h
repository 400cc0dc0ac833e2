// Project quotas: limits for everything in a directory (quotactl(2), ioctl_xfs_fsgetxattr(2)).
#pragma once

#include <linux/dqblk_xfs.h>
#include <linux/quota.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// Not in every C library; on all machines the same.
#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif

// `struct fsxattr` of <linux/fs.h>, which cannot be included beside <sys/mount.h>.
struct proa_attributes {
  uint32_t flags, extent_size, extents, project, copy_extent_size;
  unsigned char padding[8];
};

static inline int proa_get_attributes(int file, struct proa_attributes *attributes) {
  return ioctl(file, _IOR('X', 31, struct proa_attributes), attributes);
}

// The file's project, which what is made in it will be of as well.
static inline int proa_set_project(int directory, uint32_t project) {
  struct proa_attributes attributes;
  if (proa_get_attributes(directory, &attributes) < 0) return -1;
  attributes.project = project;
  attributes.flags |= 0x200;  // FS_XFLAG_PROJINHERIT
  return ioctl(directory, _IOW('X', 32, struct proa_attributes), &attributes);
}

static inline int proa_get_quota(int file, uint32_t project, struct if_dqblk *quota) {
  return (int)syscall(SYS_quotactl_fd, file, QCMD(Q_GETQUOTA, PRJQUOTA), project, quota);
}

// In KiB; 0 for none.
static inline int proa_set_limit(int file, uint32_t project, uint64_t size) {
  struct if_dqblk quota = {.dqb_bhardlimit = size, .dqb_valid = QIF_BLIMITS};
  return (int)syscall(SYS_quotactl_fd, file, QCMD(Q_SETQUOTA, PRJQUOTA), project, &quota);
}

// Whether limits of projects hold in the file system of `file`; negative when it cannot be told.
static inline int proa_enforces_projects(int file) {
  struct fs_quota_statv state = {.qs_version = FS_QSTATV_VERSION1};
  if (syscall(SYS_quotactl_fd, file, QCMD(Q_XGETQSTATV, PRJQUOTA), 0, &state) < 0) return -1;
  return (state.qs_flags & FS_QUOTA_PDQ_ENFD) != 0;
}
