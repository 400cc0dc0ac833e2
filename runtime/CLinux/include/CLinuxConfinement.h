// Capabilities, seccomp, device programs of cgroup v2: what Swift cannot import of their headers.
#pragma once

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static inline int proa_capget(struct __user_cap_header_struct *header, struct __user_cap_data_struct *data) {
  return (int)syscall(SYS_capget, header, data);
}

static inline int proa_capset(struct __user_cap_header_struct *header, const struct __user_cap_data_struct *data) {
  return (int)syscall(SYS_capset, header, data);
}

static inline int proa_seccomp_load(const void *instructions, unsigned short count, unsigned long flags) {
  struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

static inline int proa_seccomp_probe_flag(unsigned long flag) {
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL);
}

// The magic number of the file system that holds `path`; negative when it fails.
static inline long proa_file_system_kind(const char *path) {
  struct statfs status;
  if (statfs(path, &status) < 0) return -1;
  return (long)(unsigned)status.f_type;
}

// bpf(2) wants every byte of the attribute that it does not know to be zero; anonymous members of the union do not
// reach Swift.
static inline int proa_bpf_load_device_program(const void *instructions, unsigned count, char *log, unsigned log_size) {
  union bpf_attr attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attribute.insns = (unsigned long)instructions;
  attribute.insn_cnt = count;
  attribute.license = (unsigned long)"Apache-2.0";
  attribute.log_buf = (unsigned long)log;
  attribute.log_size = log_size;
  attribute.log_level = log_size > 0 ? 1 : 0;
  return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attribute, sizeof attribute);
}

static inline int proa_bpf_attach_device_program(int cgroup, int program, int replaced) {
  union bpf_attr attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.target_fd = (unsigned)cgroup;
  attribute.attach_bpf_fd = (unsigned)program;
  attribute.attach_type = BPF_CGROUP_DEVICE;
  attribute.attach_flags = BPF_F_ALLOW_MULTI;
  if (replaced >= 0) {
    attribute.attach_flags |= BPF_F_REPLACE;
    attribute.replace_bpf_fd = (unsigned)replaced;
  }
  return (int)syscall(SYS_bpf, BPF_PROG_ATTACH, &attribute, sizeof attribute);
}

static inline int proa_bpf_detach_device_program(int cgroup, int program) {
  union bpf_attr attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.target_fd = (unsigned)cgroup;
  attribute.attach_bpf_fd = (unsigned)program;
  attribute.attach_type = BPF_CGROUP_DEVICE;
  return (int)syscall(SYS_bpf, BPF_PROG_DETACH, &attribute, sizeof attribute);
}

// Fills `identifiers` and says how many programs there are; negative when it fails.
static inline int proa_bpf_query_device_programs(int cgroup, unsigned *identifiers, unsigned capacity) {
  union bpf_attr attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.query.target_fd = (unsigned)cgroup;
  attribute.query.attach_type = BPF_CGROUP_DEVICE;
  attribute.query.prog_ids = (unsigned long)identifiers;
  attribute.query.prog_cnt = capacity;
  if (syscall(SYS_bpf, BPF_PROG_QUERY, &attribute, sizeof attribute) < 0) return -1;
  return (int)attribute.query.prog_cnt;
}

static inline int proa_bpf_open_program(unsigned identifier) {
  union bpf_attr attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.prog_id = identifier;
  return (int)syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attribute, sizeof attribute);
}
