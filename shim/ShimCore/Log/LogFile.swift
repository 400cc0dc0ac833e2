package import LinuxKernel

/// Appends whole records to a log file, and begins a new one when it is full. What the disk does not take is dropped,
/// counted, and mentioned once it takes something again: the container never waits and never dies for its log.
package final class LogFile {
  private let path: String
  private let format: any LogFormat
  private let rotation: LogRotation
  private var file: FileDescriptor
  /// Bytes in the file.
  private var size: Int64 = 0
  private let write: (borrowing FileDescriptor, UnsafeRawBufferPointer) throws(SyscallError) -> Int
  private let markers = RecordBatch()
  /// Records that were lost since the last marker, and why the last was.
  private var lost = 0
  private var reason = ""
  /// Called when a file is full and a new one has begun.
  var rotated: () -> Void = {}

  /// - Parameter write: what stands for `write(2)` in tests.
  /// - Throws: also if there is something at `path` that is no regular file.
  package init(
    path: String, format: any LogFormat, rotation: LogRotation,
    write: @escaping (borrowing FileDescriptor, UnsafeRawBufferPointer) throws(SyscallError) -> Int = {
      file, bytes throws(SyscallError) in try file.write(bytes)
    }
  ) throws(SyscallError) {
    self.path = path
    self.format = format
    self.rotation = rotation
    self.write = write
    file = try LogFile.open(path)
    let status = try file.status()
    guard status.kind == .regular else { throw SyscallError("open", path, errno: .invalid) }
    size = status.size
    try endTornRecord()
  }

  private func endTornRecord() throws(SyscallError) {
    guard let separator = format.separator, size > 0, try file.byte(at: size - 1) != separator else { return }
    try file.writeAll([separator])
    size += 1
  }

  private static func open(_ path: String) throws(SyscallError) -> FileDescriptor {
    try FileDescriptor.open(path, [.readWrite, .create, .append, .noFollow, .nonBlocking], mode: 0o640)
  }

  /// As few calls of `write` as the sizes of files allow.
  package func append(_ batch: RecordBatch) {
    examine()
    if lost > 0 {
      mark("\(lost) log records were lost here: \(reason)")
      if put(markers) == 0 { lost = 0 }
    }
    lost += lost > 0 ? batch.records(after: 0) : put(batch)
  }

  /// Records that never came here are lost too.
  func lose(_ count: Int, _ reason: String) {
    lost += count
    self.reason = reason
  }

  private func mark(_ text: String) {
    var text = "[proa: \(text)]"
    markers.removeAll()
    text.withUTF8 {
      markers.add(LogPiece(bytes: UnsafeRawBufferPointer($0), endsLine: true, time: .now), .stderr, format)
    }
  }

  /// Somebody may have cut the file, or have removed it, and then nobody would ever read what comes.
  private func examine() {
    do throws(SyscallError) {
      let status = try file.status()
      size = status.size
      guard status.links == 0 else { return }
      file = try LogFile.open(path)
      size = try file.status().size
      mark("the log file was removed, and what was in it")
      _ = put(markers)
    } catch { reason = "\(error.errno)" }
  }

  /// How many records were not written.
  private func put(_ batch: RecordBatch) -> Int {
    var taken = 0
    do throws(SyscallError) {
      while taken < batch.count {
        if rotation.isFull(size) { rotate() }
        let end = batch.firstEnd(from: rotation.end(of: size, in: taken..<batch.count))
        while taken < end { taken += try writeOnce(batch, taken..<end) }
      }
      return 0
    } catch {
      reason = "\(error.errno)"
      cut(taken - batch.lastEnd(upTo: taken))
      return batch.records(after: taken)
    }
  }

  private func writeOnce(_ batch: RecordBatch, _ range: Range<Int>) throws(SyscallError) -> Int {
    let count = try write(file, UnsafeRawBufferPointer(rebasing: batch.bytes[range]))
    size += Int64(count)
    return count
  }

  /// Where that cannot be done, the file grows on: better than no log.
  private func rotate() {
    do throws(SyscallError) {
      file = try rotation.begin(path) { path throws(SyscallError) in try LogFile.open(path) }
      size = 0
    } catch { return reason = "\(error.errno)" }
    rotated()
  }

  /// Removes the torn record at the end, so that the file stays readable.
  private func cut(_ torn: Int) {
    guard torn > 0 else { return }
    do throws(SyscallError) {
      size -= Int64(torn)
      try file.truncate(to: size)
    } catch { reason = "\(error.errno)" }
  }
}
