internal import ContainerRuntime
internal import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

extension LinuxResources {
  /// What `update` was told.
  init(updating parsed: ParsedOptions) throws(RuntimeError) {
    if let path = parsed.given("resources") {
      self = try Self.read(path)
      return
    }
    self.init()
    memory = try LinuxMemory(updating: parsed)
    cpu = try LinuxCPU(updating: parsed)
    if let limit: Int64 = try parsed.number("pids-limit") {
      pids = LinuxPids()
      pids?.limit = limit
    }
    if let weight: UInt16 = try parsed.number("blkio-weight"), weight != 0 {
      blockIO = LinuxBlockIO()
      blockIO?.weight = weight
    }
  }

  private static func read(_ path: String) throws(RuntimeError) -> LinuxResources {
    let bytes: [UInt8]
    do throws(SyscallError) {
      bytes = try AtomicFile.read(path == "-" ? "/proc/self/fd/0" : path, limit: 1 << 20)
    } catch {
      throw RuntimeError("--resources: \(error)")
    }
    do { return try LinuxResources(jsonText: bytes) } catch { throw RuntimeError(error, in: "--resources \(path)") }
  }
}

extension LinuxMemory {
  /// `nil` if nothing is said of memory.
  fileprivate init?(updating parsed: ParsedOptions) throws(RuntimeError) {
    self.init()
    limit = try parsed.bytes("memory")
    reservation = try parsed.bytes("memory-reservation")
    swap = try parsed.bytes("memory-swap")
    if self == LinuxMemory() { return nil }
  }
}

extension LinuxCPU {
  /// `nil` if nothing is said of processors.
  fileprivate init?(updating parsed: ParsedOptions) throws(RuntimeError) {
    self.init()
    shares = try parsed.number("cpu-share")
    quota = try parsed.number("cpu-quota")
    period = try parsed.number("cpu-period")
    burst = try parsed.number("cpu-burst")
    realtimeRuntime = try parsed.number("cpu-rt-runtime")
    realtimePeriod = try parsed.number("cpu-rt-period")
    idle = try parsed.number("cpu-idle")
    cpus = parsed.given("cpuset-cpus")
    mems = parsed.given("cpuset-mems")
    if self == LinuxCPU() { return nil }
  }
}

extension ParsedOptions {
  /// The value of an option; `nil` if it is empty, which is the same as absent.
  fileprivate func given(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }

  fileprivate func number<Number: FixedWidthInteger>(_ name: String) throws(RuntimeError) -> Number? {
    guard let text = given(name) else { return nil }
    guard let number = Number(text) else {
      throw RuntimeError("invalid value for \(name): \"\(text)\" is no number from \(Number.min) to \(Number.max)")
    }
    return number
  }

  /// A number of bytes, or -1 for no limit.
  fileprivate func bytes(_ name: String) throws(RuntimeError) -> Int64? {
    guard let text = given(name) else { return nil }
    if text == "-1" { return -1 }
    guard let bytes = ByteCount.parse(text) else {
      throw RuntimeError("invalid value for \(name): invalid size: '\(text)'")
    }
    return bytes
  }
}
