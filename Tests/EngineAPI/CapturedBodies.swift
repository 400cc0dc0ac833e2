/// Bodies as `docker` 28.2.2 sent them and dockerd 20.10.24 answered.
enum CapturedBodies {
  /// `docker run --rm --memory 64m --cpus 0.5 -e A=b -v /tmp:/x:ro -p 8080:80 --ulimit nofile=10:20 --label l=m busybox echo hi`
  static let create = #"""
    {"Hostname": "", "Domainname": "", "User": "", "AttachStdin": false, "AttachStdout": true, "AttachStderr": true,
    "ExposedPorts": {"80/tcp": {}}, "Tty": false, "OpenStdin": false, "StdinOnce": false, "Env": ["A=b"], "Cmd":
    ["echo", "hi"], "Image": "busybox", "Volumes": {}, "WorkingDir": "", "Entrypoint": null, "OnBuild": null,
    "Labels": {"l": "m"}, "HostConfig": {"Binds": ["/tmp:/x:ro"], "ContainerIDFile": "", "LogConfig": {"Type": "",
    "Config": {}}, "NetworkMode": "none", "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]},
    "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, "AutoRemove": true, "VolumeDriver": "", "VolumesFrom":
    null, "ConsoleSize": [0, 0], "CapAdd": null, "CapDrop": null, "CgroupnsMode": "", "Dns": [], "DnsOptions": [],
    "DnsSearch": [], "ExtraHosts": null, "GroupAdd": null, "IpcMode": "", "Cgroup": "", "Links": null,
    "OomScoreAdj": 0, "PidMode": "", "Privileged": false, "PublishAllPorts": false, "ReadonlyRootfs": false,
    "SecurityOpt": null, "UTSMode": "", "UsernsMode": "", "ShmSize": 0, "Isolation": "", "CpuShares": 0, "Memory":
    67108864, "NanoCpus": 500000000, "CgroupParent": "", "BlkioWeight": 0, "BlkioWeightDevice": [],
    "BlkioDeviceReadBps": [], "BlkioDeviceWriteBps": [], "BlkioDeviceReadIOps": [], "BlkioDeviceWriteIOps": [],
    "CpuPeriod": 0, "CpuQuota": 0, "CpuRealtimePeriod": 0, "CpuRealtimeRuntime": 0, "CpusetCpus": "", "CpusetMems":
    "", "Devices": [], "DeviceCgroupRules": null, "DeviceRequests": null, "MemoryReservation": 0, "MemorySwap": 0,
    "MemorySwappiness": -1, "OomKillDisable": false, "PidsLimit": 0, "Ulimits": [{"Name": "nofile", "Hard": 20,
    "Soft": 10}], "CpuCount": 0, "CpuPercent": 0, "IOMaximumIOps": 0, "IOMaximumBandwidth": 0, "MaskedPaths": null,
    "ReadonlyPaths": null}, "NetworkingConfig": {"EndpointsConfig": {}}}
    """#

  /// `docker ps -a`
  static let summaries = #"""
    [{"Id": "8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72", "Names": ["/a1"], "Image":
    "busybox", "ImageID": "sha256:08b8c26811fb28587cd1e8494367d5cf7a6eb309669a04c8d33432e61c76927d", "Command": "sh
    -c 'exit 7'", "Created": 1795229691, "Ports": [], "Labels": {}, "State": "exited", "Status": "Exited (7) 1
    second ago", "HostConfig": {"NetworkMode": "none"}, "NetworkSettings": {"Networks": {"none": {"IPAMConfig":
    null, "Links": null, "Aliases": null, "NetworkID":
    "f04a22655c3695c3ac9dd6dfb01dd8ffe5f2efd408fe1c23fa135b4df07654da", "EndpointID": "", "Gateway": "",
    "IPAddress": "", "IPPrefixLen": 0, "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0,
    "MacAddress": "", "DriverOpts": null}}}, "Mounts": []}]
    """#

  /// `docker inspect`
  static let inspect = #"""
    {"Id": "8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72", "Created":
    "2026-11-21T02:54:51.284056651Z", "Path": "sh", "Args": ["-c", "exit 7"], "State": {"Status": "exited",
    "Running": false, "Paused": false, "Restarting": false, "OOMKilled": false, "Dead": false, "Pid": 0, "ExitCode":
    7, "Error": "", "StartedAt": "2026-11-21T02:54:51.628213429Z", "FinishedAt": "2026-11-21T02:54:51.629989786Z"},
    "Image": "sha256:08b8c26811fb28587cd1e8494367d5cf7a6eb309669a04c8d33432e61c76927d", "ResolvConfPath":
    "/var/lib/docker/containers/8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72/resolv.conf",
    "HostnamePath":
    "/var/lib/docker/containers/8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72/hostname",
    "HostsPath":
    "/var/lib/docker/containers/8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72/hosts", "LogPath":
    "/var/lib/docker/containers/8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72/8374c6faebbe0f050c7f22da7908ee659d41751ec6f5948c9c62b4516d313f72-json.log",
    "Name": "/a1", "RestartCount": 0, "Driver": "overlay2", "Platform": "linux", "MountLabel": "", "ProcessLabel":
    "", "AppArmorProfile": "", "ExecIDs": null, "HostConfig": {"Binds": null, "ContainerIDFile": "", "LogConfig":
    {"Type": "json-file", "Config": {}}, "NetworkMode": "none", "PortBindings": {}, "RestartPolicy": {"Name": "no",
    "MaximumRetryCount": 0}, "AutoRemove": false, "VolumeDriver": "", "VolumesFrom": null, "CapAdd": null,
    "CapDrop": null, "CgroupnsMode": "host", "Dns": [], "DnsOptions": [], "DnsSearch": [], "ExtraHosts": null,
    "GroupAdd": null, "IpcMode": "private", "Cgroup": "", "Links": null, "OomScoreAdj": 0, "PidMode": "",
    "Privileged": false, "PublishAllPorts": false, "ReadonlyRootfs": false, "SecurityOpt": null, "UTSMode": "",
    "UsernsMode": "", "ShmSize": 67108864, "Runtime": "runc", "ConsoleSize": [0, 0], "Isolation": "", "CpuShares":
    0, "Memory": 0, "NanoCpus": 0, "CgroupParent": "", "BlkioWeight": 0, "BlkioWeightDevice": [],
    "BlkioDeviceReadBps": [], "BlkioDeviceWriteBps": [], "BlkioDeviceReadIOps": [], "BlkioDeviceWriteIOps": [],
    "CpuPeriod": 0, "CpuQuota": 0, "CpuRealtimePeriod": 0, "CpuRealtimeRuntime": 0, "CpusetCpus": "", "CpusetMems":
    "", "Devices": [], "DeviceCgroupRules": null, "DeviceRequests": null, "KernelMemory": 0, "KernelMemoryTCP": 0,
    "MemoryReservation": 0, "MemorySwap": 0, "MemorySwappiness": null, "OomKillDisable": false, "PidsLimit": null,
    "Ulimits": [], "CpuCount": 0, "CpuPercent": 0, "IOMaximumIOps": 0, "IOMaximumBandwidth": 0, "MaskedPaths":
    ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
    "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"], "ReadonlyPaths": ["/proc/bus",
    "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]}, "GraphDriver": {"Data": {"LowerDir":
    "/var/lib/docker/overlay2/1b42d996f444a8462af06cebe425c92191446d0ba9376fab71648dee8692d25f-init/diff:/var/lib/docker/overlay2/cb7c7ef560dda27929ae7fd8c88e2405182c9b23120952604d82ebabd4931331/diff",
    "MergedDir": "/var/lib/docker/overlay2/1b42d996f444a8462af06cebe425c92191446d0ba9376fab71648dee8692d25f/merged",
    "UpperDir": "/var/lib/docker/overlay2/1b42d996f444a8462af06cebe425c92191446d0ba9376fab71648dee8692d25f/diff",
    "WorkDir": "/var/lib/docker/overlay2/1b42d996f444a8462af06cebe425c92191446d0ba9376fab71648dee8692d25f/work"},
    "Name": "overlay2"}, "Mounts": [], "Config": {"Hostname": "8374c6faebbe", "Domainname": "", "User": "",
    "AttachStdin": false, "AttachStdout": true, "AttachStderr": true, "Tty": false, "OpenStdin": false, "StdinOnce":
    false, "Env": null, "Cmd": ["sh", "-c", "exit 7"], "Image": "busybox", "Volumes": null, "WorkingDir": "",
    "Entrypoint": null, "OnBuild": null, "Labels": {}}, "NetworkSettings": {"Bridge": "", "SandboxID":
    "10400ef3a4122117e1d5ff59f13b61d70295b4572acca7108e398c1a94c24d4e", "HairpinMode": false,
    "LinkLocalIPv6Address": "", "LinkLocalIPv6PrefixLen": 0, "Ports": {}, "SandboxKey":
    "/var/run/docker/netns/10400ef3a412", "SecondaryIPAddresses": null, "SecondaryIPv6Addresses": null,
    "EndpointID": "", "Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "IPAddress": "",
    "IPPrefixLen": 0, "IPv6Gateway": "", "MacAddress": "", "Networks": {"none": {"IPAMConfig": null, "Links": null,
    "Aliases": null, "NetworkID": "f04a22655c3695c3ac9dd6dfb01dd8ffe5f2efd408fe1c23fa135b4df07654da", "EndpointID":
    "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0, "IPv6Gateway": "", "GlobalIPv6Address": "",
    "GlobalIPv6PrefixLen": 0, "MacAddress": "", "DriverOpts": null}}}}
    """#

  /// `docker exec b1 echo x`
  static let execCreate = #"""
    {"User": "", "Privileged": false, "Tty": false, "AttachStdin": false, "AttachStderr": true, "AttachStdout":
    true, "Detach": false, "DetachKeys": "", "Env": null, "WorkingDir": "", "Cmd": ["echo", "x"]}
    """#

  /// After it.
  static let execInspect = #"""
    {"ID": "ab1a4e94caa1b43330192b7b499428247584ac38dd23385ec8e79e8039bf219e", "Running": false, "ExitCode": 0,
    "ProcessConfig": {"tty": false, "entrypoint": "echo", "arguments": ["x"], "privileged": false}, "OpenStdin":
    false, "OpenStderr": true, "OpenStdout": true, "CanRemove": false, "ContainerID":
    "1fb11e0cd323622b39bf05189dfe846e8c4dcf0e8aefb565e699fc284950277d", "DetachKeys": "", "Pid": 29706}
    """#

  /// `docker wait`
  static let wait = #"""
    {"Error": null, "StatusCode": 7}
    """#

  /// `docker version`
  static let version = #"""
    {"Platform": {"Name": ""}, "Components": [{"Name": "Engine", "Version": "20.10.24+dfsg1", "Details":
    {"ApiVersion": "1.41", "Arch": "amd64", "BuildTime": "2026-05-07T21:09:36.000000000+00:00", "Experimental":
    "false", "GitCommit": "5d6db84", "GoVersion": "go1.19.8", "KernelVersion": "6.1.0-44-amd64", "MinAPIVersion":
    "1.12", "Os": "linux"}}, {"Name": "containerd", "Version": "1.6.20~ds1", "Details": {"GitCommit":
    "1.6.20~ds1-1+deb12u3"}}, {"Name": "runc", "Version": "1.1.5+ds1", "Details": {"GitCommit":
    "1.1.5+ds1-1+deb12u1"}}, {"Name": "docker-init", "Version": "0.19.0", "Details": {"GitCommit": ""}}], "Version":
    "20.10.24+dfsg1", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "GitCommit": "5d6db84", "GoVersion":
    "go1.19.8", "Os": "linux", "Arch": "amd64", "KernelVersion": "6.1.0-44-amd64", "BuildTime":
    "2026-05-07T21:09:36.000000000+00:00"}
    """#

  /// `docker info`
  static let info = #"""
    {"ID": "D6KQ:LCL6:AFCP:B26X:GOJ4:MEVL:DCKI:K3LI:4M4G:JX6G:TEWF:VIJ5", "Containers": 1, "ContainersRunning": 0,
    "ContainersPaused": 0, "ContainersStopped": 1, "Images": 1, "Driver": "overlay2", "DriverStatus": [["Backing
    Filesystem", "extfs"], ["Supports d_type", "true"], ["Native Overlay Diff", "true"], ["userxattr", "false"]],
    "Plugins": {"Volume": ["local"], "Network": ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
    "Authorization": null, "Log": ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local",
    "logentries", "splunk", "syslog"]}, "MemoryLimit": true, "SwapLimit": true, "KernelMemory": true,
    "KernelMemoryTCP": true, "CpuCfsPeriod": true, "CpuCfsQuota": true, "CPUShares": true, "CPUSet": true,
    "PidsLimit": true, "IPv4Forwarding": true, "BridgeNfIptables": true, "BridgeNfIp6tables": true, "Debug": false,
    "NFd": 26, "OomKillDisable": true, "NGoroutines": 41, "SystemTime": "2026-11-21T02:54:52.743203613Z",
    "LoggingDriver": "json-file", "CgroupDriver": "cgroupfs", "CgroupVersion": "1", "NEventsListener": 0,
    "KernelVersion": "6.1.0-44-amd64", "OperatingSystem": "Debian GNU/Linux 12 (bookworm)", "OSVersion": "12",
    "OSType": "linux", "Architecture": "x86_64", "IndexServerAddress": "https://index.docker.io/v1/",
    "RegistryConfig": {"AllowNondistributableArtifactsCIDRs": [], "AllowNondistributableArtifactsHostnames": [],
    "InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {"docker.io": {"Name": "docker.io", "Mirrors": [],
    "Secure": true, "Official": true}}, "Mirrors": []}, "NCPU": 2, "MemTotal": 25276502016, "GenericResources":
    null, "DockerRootDir": "/var/lib/docker", "HttpProxy": "", "HttpsProxy": "", "NoProxy": "", "Name": "debian",
    "Labels": [], "ExperimentalBuild": false, "ServerVersion": "20.10.24+dfsg1", "Runtimes":
    {"io.containerd.runc.v2": {"path": "runc"}, "io.containerd.runtime.v1.linux": {"path": "runc"}, "runc": {"path":
    "runc"}}, "DefaultRuntime": "runc", "Swarm": {"NodeID": "", "NodeAddr": "", "LocalNodeState": "inactive",
    "ControlAvailable": false, "Error": "", "RemoteManagers": null}, "LiveRestoreEnabled": false, "Isolation": "",
    "InitBinary": "docker-init", "ContainerdCommit": {"ID": "1.6.20~ds1-1+deb12u3", "Expected":
    "1.6.20~ds1-1+deb12u3"}, "RuncCommit": {"ID": "1.1.5+ds1-1+deb12u1", "Expected": "1.1.5+ds1-1+deb12u1"},
    "InitCommit": {"ID": "", "Expected": ""}, "SecurityOptions": ["name=seccomp,profile=default"], "Warnings": null}
    """#
}
