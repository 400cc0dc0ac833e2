internal import Logging
internal import NIOCore
internal import NIOPosix
internal import OCIRuntimeSpec

/// What every container of a daemon works with.
struct ContainerSurroundings: Sendable {
  var repository: any ContainerRepository
  var events: any EventRecorder
  var images: any ImageProvider
  var rootfs: any RootfsProvider
  var volumes: any VolumeProvider
  var network: any NetworkProvider
  var shims: any ShimConnecting
  var shimCgroups: ShimCgroups
  var paths: ContainerPaths
  var runtimes: RuntimeTable
  var machine: MachineLimits
  var threads: NIOThreadPool
  var group: any EventLoopGroup
  var index: ContainerIndex
  var execs: ExecDirectory
  var supervisor: TaskSupervisor
  let policyStarts = PolicyStarts()
  /// Of cgroups whose statistics are watched.
  let keptFiles = FileBudget.ofThisProcess
  let machineTime = MachineTime()
  var logger: Logger
  /// Told, in words for a person, what cannot be read.
  var report: @Sendable (String) -> Void
  /// Where CDI's devices are described.
  var deviceFolders: [String]
  var initProgram: InitProgram
  /// Of containers whose request does not say.
  var initByDefault: Bool
  var defaultSeccomp: @Sendable (Set<String>) -> LinuxSeccomp?
}
