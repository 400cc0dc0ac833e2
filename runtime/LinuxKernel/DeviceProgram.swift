internal import CLinux
internal import Glibc

/// A loaded eBPF program of the type `BPF_PROG_TYPE_CGROUP_DEVICE`.
public struct DeviceProgram: ~Copyable {
  private let descriptor: FileDescriptor

  /// Loads `instructions`, eight bytes each as in `struct bpf_insn`.
  /// - Throws: with the end of the verifier's report as the subject.
  public init(loading instructions: [UInt64]) throws(SyscallError) {
    let number = proa_bpf_load_device_program(instructions, UInt32(instructions.count), nil, 0)
    if number >= 0 {
      descriptor = FileDescriptor(owning: number)
      return
    }
    throw Self.explain(instructions, errno: .init(rawValue: errno))
  }

  private init(owning descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// Makes this the only program that decides about devices in `cgroup`, an open folder of a v2 hierarchy.
  ///
  /// A single program that is already there is replaced in one step; of several, none is taken away before this one holds.
  public func replaceAll(in cgroup: borrowing FileDescriptor) throws(SyscallError) {
    let present = try Self.identifiers(in: cgroup)
    if present.count == 1 {
      let old = try Self.open(present[0])
      return try attach(to: cgroup, replacing: old.descriptor.number)
    }
    try attach(to: cgroup, replacing: -1)
    for identifier in present {
      let program = try Self.open(identifier)
      try check("bpf BPF_PROG_DETACH") {
        proa_bpf_detach_device_program(cgroup.number, program.descriptor.number)
      }
    }
  }

  private func attach(to cgroup: borrowing FileDescriptor, replacing old: Int32) throws(SyscallError) {
    let (folder, program) = (cgroup.number, descriptor.number)
    try check("bpf BPF_PROG_ATTACH") { proa_bpf_attach_device_program(folder, program, old) }
  }

  /// The identifiers of the programs attached to `cgroup` itself.
  public static func identifiers(in cgroup: borrowing FileDescriptor) throws(SyscallError) -> [UInt32] {
    var identifiers = [UInt32](repeating: 0, count: 64)
    let folder = cgroup.number
    let count = try check("bpf BPF_PROG_QUERY") {
      proa_bpf_query_device_programs(folder, &identifiers, UInt32(identifiers.count))
    }
    return Array(identifiers.prefix(Int(count)))
  }

  private static func open(_ identifier: UInt32) throws(SyscallError) -> DeviceProgram {
    let number = try check("bpf BPF_PROG_GET_FD_BY_ID", "\(identifier)") { proa_bpf_open_program(identifier) }
    return DeviceProgram(owning: FileDescriptor(owning: number))
  }

  private static func explain(_ instructions: [UInt64], errno: SyscallError.Errno) -> SyscallError {
    var log = [CChar](repeating: 0, count: 64 << 10)
    let number = proa_bpf_load_device_program(instructions, UInt32(instructions.count), &log, UInt32(log.count))
    if number >= 0 { _ = close(number) }
    let report = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.suffix(300), as: UTF8.self)
    return SyscallError("bpf BPF_PROG_LOAD", report, errno: errno)
  }
}
