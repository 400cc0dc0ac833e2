import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Weights and rates of block devices. Needs root and loop devices; for v1 or hybrid hierarchies and for v2.
@Suite(.serialized) struct BlockIOTests {
  /// Runs `body` with a loop device of 4 MiB, `7:0`.
  private func withDevice(_ body: (_ number: String, _ major: Int64, _ minor: Int64) throws -> Void) throws {
    let file = "/tmp/proa-loop-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try AtomicFile.write([UInt8](repeating: 7, count: 4 << 20), to: file, durability: .visible)
    defer { unlink(file) }
    let made = try RuntimeProgram.run(["--find", "--show", "--direct-io=off", file], program: "/sbin/losetup")
    let device = String(try #require(made.lines.first, "\(made.errors)"))
    defer { #expect((try? RuntimeProgram.run(["--detach", device], program: "/sbin/losetup").status) == 0) }
    let name = device.split(separator: "/").last ?? ""
    let number = String(decoding: try AtomicFile.read("/sys/block/\(name)/dev").dropLast(), as: UTF8.self)
    let parts = number.split(separator: ":").compactMap { Int64($0) }
    try body(number, parts[0], parts[1])
  }

  private func sleeping(_ limits: String, _ body: (Bundle) throws -> Void) throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.configure { spec in #expect(throws: Never.self) { try spec.limit(limits) } }
      try bundle.start()
      try body(bundle)
    }
  }

  private func throttles(_ major: Int64, _ minor: Int64, _ rates: [String: Int]) -> String {
    let entries = rates.map {
      #""throttle\#($0.key)Device":[{"major":\#(major),"minor":\#(minor),"rate":\#($0.value)}]"#
    }
    return #"{"blockIO":{\#(entries.joined(separator: ","))}}"#
  }

  @Test func ratesAreInTheKernelsFilesAndChange() throws {
    try withDevice { number, major, minor in
      let rates = ["ReadBps": 1_048_576, "WriteBps": 2_097_152, "ReadIOPS": 100, "WriteIOPS": 200]
      try sleeping(throttles(major, minor, rates)) { bundle in
        if Bundle.isUnified {
          let line = try bundle.group("io", v1: "", v2: "io.max")
          #expect(line == "\(number) rbps=1048576 wbps=2097152 riops=100 wiops=200")
        } else {
          for (file, rate) in [
            ("read_bps", 1_048_576), ("write_bps", 2_097_152), ("read_iops", 100), ("write_iops", 200),
          ] {
            #expect(try bundle.group("blkio", v1: "blkio.throttle.\(file)_device", v2: "") == "\(number) \(rate)")
          }
        }
        let change = throttles(major, minor, ["ReadBps": 524_288])
        let updated = try RuntimeProgram.run(["--root", bundle.root, "update", "-r", "-", bundle.id], input: change)
        #expect(updated.status == 0, "\(updated.errors)")
        let read = try bundle.group("blkio", v1: "blkio.throttle.read_bps_device", v2: "io.max")
        #expect(read.hasPrefix(Bundle.isUnified ? "\(number) rbps=524288 wbps=2097152" : "\(number) 524288"))
      }
    }
  }

  /// 3 MiB at 1 MiB a second, past the page cache; the kernel grants a little in advance.
  @Test func aRateIsKept() throws {
    try withDevice { _, major, minor in
      try Bundle.with { spec in
        spec.process?.args = [
          "/bin/sh", "-c", "busybox dd if=/device of=/dev/null bs=256k count=12 iflag=direct 2>&1; busybox true",
        ]
      } _: { bundle in
        let node = dev_t(UInt64(major) << 8 | UInt64(minor))
        try #require(mknod("\(bundle.folder)/rootfs/device", S_IFBLK | 0o666, node) == 0)
        let allowed = #""devices":[{"allow":true,"type":"b","major":\#(major),"minor":\#(minor),"access":"r"}]"#
        let limits = throttles(major, minor, ["ReadBps": 1_048_576]).dropLast() + "," + allowed + "}"
        try bundle.configure { spec in
          #expect(throws: Never.self) { spec.linux?.resources = try LinuxResources(jsonText: Array(limits.utf8)) }
        }
        let start = ContinuousClock.now
        let outcome = try bundle.run()
        #expect(outcome.output.contains("12+0 records in"), "\(outcome.output)\(outcome.errors)")
        #expect(ContinuousClock.now - start > .milliseconds(1500))
      }
    }
  }

  private static var hasWeights: Bool {
    let folder = Bundle.isUnified ? "/sys/fs/cgroup/tests/io" : "/sys/fs/cgroup/blkio/blkio"
    return [".weight", ".bfq.weight"].contains { access(folder + $0, F_OK) == 0 }
  }

  /// Where the kernel has a scheduler for it; elsewhere the weight is refused by its name.
  @Test func weights() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
    } _: { bundle in
      try bundle.configure { spec in
        #expect(throws: Never.self) { try spec.limit(#"{"blockIO":{"weight":500}}"#) }
      }
      let outcome = try bundle.runtime("run", "--detach", "--bundle", bundle.folder, bundle.id)
      guard outcome.status == 0 else {
        #expect(!Self.hasWeights && outcome.errors.contains("linux.resources.blockIO.weight"), "\(outcome.errors)")
        return
      }
      let bfq = try? bundle.group("blkio", v1: "blkio.bfq.weight", v2: "io.bfq.weight")
      let other = try? bundle.group("blkio", v1: "blkio.weight", v2: "io.weight")
      #expect((bfq ?? other)?.contains(bfq == nil && Bundle.isUnified ? "4950" : "500") == true)
    }
  }
}
