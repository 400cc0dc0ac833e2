internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec
internal import ShimProtocol

/// Makes the OCI process of an exec session out of that of its container.
enum ExecProcess {
  /// Blocks: reads the bundle and, to find the user, the container's own files.
  static func json(
    _ configuration: ExecConfiguration, bundle: BundleLayout, available: [String]
  ) throws -> JSONValue {
    let spec = try Spec(jsonText: AtomicFile.read(bundle.configuration))
    guard let container = spec.process else { throw ContainerError.failed("the bundle has no process") }
    var user = container.user
    if !configuration.user.isEmpty { user = try UserLookup(root: bundle.rootfs).user(configuration.user) }
    let process = process(configuration, container: container, user: user, available: available)
    return try JSONReader.read(JSONWriter.bytes(process))
  }

  /// - Parameter available: the capabilities that a privileged session gets.
  static func process(
    _ configuration: ExecConfiguration, container: Process, user: User, available: [String]
  ) -> Process {
    var process = Process()
    process.terminal = configuration.terminal
    process.args = configuration.arguments
    let base = configuration.terminal && !container.env.contains { $0.hasPrefix("TERM=") } ? ["TERM=xterm"] : []
    process.env = Environment.replacing(container.env + base, with: configuration.environment)
    process.cwd = configuration.workingDirectory ?? container.cwd
    process.user = user
    let names = configuration.privileged ? available : container.capabilities?.bounding ?? []
    process.capabilities = SpecBuilder.capabilities(names, uid: user.uid)
    process.apparmorProfile = configuration.privileged ? nil : container.apparmorProfile
    process.noNewPrivileges = container.noNewPrivileges
    process.rlimits = container.rlimits
    process.oomScoreAdj = container.oomScoreAdj
    return process
  }
}
