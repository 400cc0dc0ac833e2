internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// Turns the process that a manager has started into a shim of its own.
///
/// ```
///  manager        first process            shim
///     ├──exec─────────▶│                     │
///     │                │ shim.json, socket   │
///     │                ├──fork──────────────▶│ own session, cgroups, no inherited descriptors
///     │                │◀─────────────ready──┤ shim.pid is written, signals are caught
///     │◀───────exit 0──┤                     │ serves
/// ```
package enum Launcher {
  /// Does not return in the first process.
  /// - Throws: ``LaunchError`` in whichever process failed; the first one then ends with the shim's exit code.
  package static func run(bundle path: String) throws(LaunchError) {
    let bundle: BundleLayout
    do throws(SyscallError) {
      try CurrentProcess.closeInherited()
      CurrentProcess.setUmask(0o022)
      bundle = BundleLayout(path: try CurrentProcess.resolve(path))
    } catch { throw LaunchError(error) }
    let configuration = try readConfiguration(bundle)
    do throws(SyscallError) {
      if let listener = try listen(bundle) { return try divide(configuration, bundle, listener) }
    } catch { throw LaunchError(error) }
    throw LaunchError(message: "\(bundle.socket): a shim is listening there already")
  }

  private static func readConfiguration(_ bundle: BundleLayout) throws(LaunchError) -> ShimConfiguration {
    let text: [UInt8]
    do throws(SyscallError) { text = try AtomicFile.read(bundle.shimConfiguration, limit: 1 << 20) } catch {
      throw LaunchError(error)
    }
    do throws(JSONError) { return try ShimConfiguration(jsonText: text) } catch {
      throw LaunchError(message: "\(bundle.shimConfiguration): \(error)")
    }
  }

  /// A socket that nobody listens at any more is a dead shim's, and is replaced.
  /// - Returns: `nil` if somebody listens there.
  private static func listen(_ bundle: BundleLayout) throws(SyscallError) -> FileDescriptor? {
    let directory = try FileDescriptor.open(bundle.path, [.readOnly, .directory])
    let address = "/proc/self/fd/\(directory.number)/\(BundleLayout.socketName)"
    do throws(SyscallError) { return try UnixSocket.listen(at: address) } catch {
      guard error.errno == .addressInUse else { throw error }
    }
    do throws(SyscallError) {
      _ = try UnixSocket.connect(to: address)
      return nil
    } catch {
      guard error.errno == .connectionRefused else { throw error }
    }
    try directory.remove(at: BundleLayout.socketName)
    return try UnixSocket.listen(at: address)
  }

  /// From here on there are two processes, of which this returns in the shim, when it has served.
  private static func divide(
    _ configuration: ShimConfiguration, _ bundle: BundleLayout, _ listener: consuming FileDescriptor
  ) throws(SyscallError) {
    var ready = try Pipe()
    if try CurrentProcess.fork() != nil {
      _ = ready.takeWriteEnd()
      CurrentProcess.exit(try ready.takeReadEnd().readAll().isEmpty ? 1 : 0)
    }
    _ = ready.takeReadEnd()
    let shim = try begin(configuration, bundle, listener)
    try ready.takeWriteEnd().writeAll([1])
    try detachStreams()
    try shim.run()
  }

  private static func begin(
    _ configuration: ShimConfiguration, _ bundle: BundleLayout, _ listener: consuming FileDescriptor
  ) throws(SyscallError) -> Shim {
    try Processes.setSession()
    try CurrentProcess.changeDirectory("/")
    for folder in configuration.cgroups {
      try FileDescriptor.open("\(folder)/cgroup.procs", .writeOnly).writeAll(Array("0".utf8))
    }
    if let openFiles = configuration.openFiles {
      let hard = try ResourceLimitCall.current(ResourceLimitCall.openFiles).hard
      try ResourceLimitCall.set(ResourceLimitCall.openFiles, soft: min(openFiles, hard), hard: hard)
    }
    Signal.pipe.ignore()
    let shim = try Shim(configuration, bundle, listener: listener)
    try AtomicFile.write(
      Array("\(CurrentProcess.pid)\n".utf8), to: bundle.shimPid, mode: 0o644, durability: .visible)
    return shim
  }

  private static func detachStreams() throws(SyscallError) {
    let null = try FileDescriptor.open("/dev/null", .readWrite)
    for standard: Int32 in 0...2 { try CurrentProcess.redirect(standard, to: null) }
  }
}

/// Why there is no shim, for a person.
package struct LaunchError: Error, CustomStringConvertible {
  var message: String

  fileprivate init(message: String) { self.message = message }

  fileprivate init(_ error: SyscallError) { message = "\(error)" }

  package var description: String { message }
}
