// File calls whose constants or prototypes hide behind _GNU_SOURCE.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static const int PROA_O_TMPFILE = O_TMPFILE;
static const int PROA_F_SETPIPE_SZ = F_SETPIPE_SZ;
// Not shown by every C library; on all machines the same.
#ifndef SEEK_DATA
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif
static const int PROA_SEEK_DATA = SEEK_DATA;
static const int PROA_SEEK_HOLE = SEEK_HOLE;

/* Fails with EEXIST where rename(2) would replace. */
static inline int proa_rename_new(int from, const char *name, int to, const char *target) {
  const unsigned int noReplace = 1;  // RENAME_NOREPLACE, which not every C library has
  return (int)syscall(SYS_renameat2, from, name, to, target, noReplace);
}

static inline int proa_syncfs(int descriptor) { return syncfs(descriptor); }

static inline dev_t proa_makedev(unsigned int major, unsigned int minor) { return makedev(major, minor); }

static inline int proa_same_directory_name(const char *name) {
  return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static inline const char *proa_dirent_name(const struct dirent *entry) { return entry->d_name; }

static inline ssize_t proa_sendfile(int to, int from, size_t count) { return sendfile(to, from, NULL, count); }

/* Blocks up to `size` that the file has without being any longer. */
static inline int proa_allocate_ahead(int descriptor, off_t size) { return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, size); }
