internal import ArgumentParser

/// Options about a new container that `run` and `create` share, apart from its limits and its network.
struct ContainerOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .unconditionalSingleValue, help: "Add an annotation (passed through to the OCI runtime)")
  var annotation: [String] = []
  @Option(name: [.short, .long], parsing: .unconditionalSingleValue, help: "Attach to STDIN, STDOUT or STDERR")
  var attach: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add Linux capabilities")
  var capAdd: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Drop Linux capabilities")
  var capDrop: [String] = []
  @Option(name: .long, help: "Write the container ID to the file")
  var cidfile: String?
  @Option(name: .customLong("cgroupns"), help: "Cgroup namespace to use (host|private)")
  var cgroupNamespace = ""
  @Option(name: .long, parsing: .unconditional, help: "Overwrite the default ENTRYPOINT of the image")
  var entrypoint: String?
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add additional groups to join")
  var groupAdd: [String] = []
  @OptionGroup var health: HealthOptions
  @Flag(name: .customLong("init"), help: "Run an init inside the container that forwards signals and reaps processes")
  var initProcess = false
  @Option(name: .long, help: "IPC mode to use")
  var ipc = ""
  @Option(name: [.short, .long], parsing: .unconditionalSingleValue, help: "Set meta data on a container")
  var label: [String] = []
  @Option(name: .long, help: "Read in a line delimited file of labels")
  var labelFile: [String] = []
  @Option(name: .long, help: "Logging driver for the container")
  var logDriver = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Log driver options")
  var logOpt: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Attach a filesystem mount to the container")
  var mount: [String] = []
  @Option(name: .long, help: "Assign a name to the container")
  var name: String?
  @Option(name: .long, help: "PID namespace to use")
  var pid = ""
  @Option(name: .long, help: "Set platform")
  var platform: String?
  @Option(name: .long, help: "Pull image before running (always, missing, never)")
  var pull = "missing"
  @Flag(name: [.short, .long], help: "Suppress the pull output")
  var quiet = false
  @Flag(name: .long, help: "Mount the container's root filesystem as read only")
  var readOnly = false
  @Option(name: .long, help: "Restart policy to apply when a container exits")
  var restart = "no"
  @Flag(name: .customLong("rm"), help: "Automatically remove the container when it exits")
  var remove = false
  @Option(name: .long, help: "Runtime to use for this container")
  var runtime = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Security options")
  var securityOpt: [String] = []
  @Option(name: .long, help: "Signal to stop the container")
  var stopSignal = ""
  @Option(name: .long, parsing: .unconditional, help: "Timeout (in seconds) to stop a container")
  var stopTimeout: Int?
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Storage driver options for the container")
  var storageOpt: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Sysctl options")
  var sysctl: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Mount a tmpfs directory")
  var tmpfs: [String] = []
  @Option(name: .long, help: "User namespace to use")
  var userns = ""
  @Option(name: .long, help: "UTS namespace to use")
  var uts = ""
  @Option(
    name: [.customShort("v", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
    help: "Bind mount a volume")
  var volume: [String] = []
  @Option(name: .long, help: "Optional volume driver for the container")
  var volumeDriver = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Mount volumes from the specified container(s)")
  var volumesFrom: [String] = []
}
