internal import LinuxKernel

/// What `spec` writes: a container that is as shut in as is usual, running a shell.
enum SpecTemplate {
  /// - Parameter rootless: for the user who runs this, mapped to root, on the host's network.
  /// - Parameter unified: for a machine with cgroup v2 alone, where it has a namespace of those.
  static func text(rootless: Bool, unified: Bool) -> String {
    """
    {
      "ociVersion": "1.3.0",
      "process": {
        "terminal": true,
        "user": {
          "uid": 0,
          "gid": 0
        },
        "args": [
          "sh"
        ],
        "env": [
          "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "TERM=xterm"
        ],
        "cwd": "/",
        "capabilities": {
          "bounding": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
          ],
          "effective": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
          ],
          "permitted": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
          ],
          "ambient": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
          ]
        },
        "rlimits": [
          {
            "type": "RLIMIT_NOFILE",
            "hard": 1024,
            "soft": 1024
          }
        ],
        "noNewPrivileges": true
      },
      "root": {
        "path": "rootfs",
        "readonly": true
      },
      "hostname": "proa",
      "mounts": [
        {
          "destination": "/proc",
          "type": "proc",
          "source": "proc"
        },
        {
          "destination": "/dev",
          "type": "tmpfs",
          "source": "tmpfs",
          "options": [
            "nosuid",
            "strictatime",
            "mode=755",
            "size=65536k"
          ]
        },
        {
          "destination": "/dev/pts",
          "type": "devpts",
          "source": "devpts",
          "options": [
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620"\(rootless ? "" : ",\n\(indentation)\"gid=5\"")
          ]
        },
        {
          "destination": "/dev/shm",
          "type": "tmpfs",
          "source": "shm",
          "options": [
            "nosuid",
            "noexec",
            "nodev",
            "mode=1777",
            "size=65536k"
          ]
        },
        {
          "destination": "/dev/mqueue",
          "type": "mqueue",
          "source": "mqueue",
          "options": [
            "nosuid",
            "noexec",
            "nodev"
          ]
        },
        {
          "destination": "/sys",
          "type": "\(rootless ? "none" : "sysfs")",
          "source": "\(rootless ? "/sys" : "sysfs")",
          "options": [\(rootless ? "\n\(indentation)\"rbind\"," : "")
            "nosuid",
            "noexec",
            "nodev",
            "ro"
          ]
        },
        {
          "destination": "/sys/fs/cgroup",
          "type": "cgroup",
          "source": "cgroup",
          "options": [
            "nosuid",
            "noexec",
            "nodev",
            "relatime",
            "ro"
          ]
        }
      ],
      "linux": {
        \(rootless ? mappings : devices),
        "namespaces": [
          {
            "type": "pid"
          },
          {
            "type": "\(rootless ? "user" : "network")"
          },
          {
            "type": "ipc"
          },
          {
            "type": "uts"
          },
          {
            "type": "mount"
          }\(unified ? cgroupNamespace : "")
        ],
        "maskedPaths": [
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/sys/firmware",
          "/proc/scsi"
        ],
        "readonlyPaths": [
          "/proc/bus",
          "/proc/fs",
          "/proc/irq",
          "/proc/sys",
          "/proc/sysrq-trigger"
        ]
      }
    }

    """
  }

  private static let indentation = String(repeating: " ", count: 10)

  private static let cgroupNamespace = """
    ,
    \(indentation){
    \(indentation)  "type": "cgroup"
    \(indentation)}
    """

  private static let devices = """
    "resources": {
          "devices": [
            {
              "allow": false,
              "access": "rwm"
            }
          ]
        }
    """

  private static var mappings: String {
    let ids = [("uidMappings", CurrentProcess.effectiveUID), ("gidMappings", CurrentProcess.effectiveGID)]
    return ids.map { name, id in
      """
      "\(name)": [
            {
              "containerID": 0,
              "hostID": \(id),
              "size": 1
            }
          ]
      """
    }.joined(separator: ",\n    ")
  }
}
