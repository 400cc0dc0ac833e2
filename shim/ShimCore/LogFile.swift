package import LinuxKernel

/// Appends whole records to a log file. What the disk does not take is dropped, counted, and mentioned once it takes
/// something again: the container never waits and never dies for its log.
package final class LogFile {
  /// Records of one batch, and where each ends.
  package struct Batch {
    package private(set) var bytes: [UInt8] = []
    fileprivate private(set) var ends: [Int] = []

    package init() {}

    package mutating func add(_ piece: LogLineSplitter.Piece, _ stream: JSONFileRecord.Stream) {
      JSONFileRecord.append(piece, stream, to: &bytes)
      ends.append(bytes.count)
    }
  }

  private let file: FileDescriptor
  private let write: (borrowing FileDescriptor, UnsafeRawBufferPointer) throws(SyscallError) -> Int
  /// Records that were lost since the last marker, and why the last was.
  private var lost = 0
  private var reason = ""

  /// - Parameter write: what stands for `write(2)` in tests.
  /// - Throws: also if there is something at `path` that is no regular file.
  package init(
    path: String,
    write: @escaping (borrowing FileDescriptor, UnsafeRawBufferPointer) throws(SyscallError) -> Int = {
      file, bytes throws(SyscallError) in try file.write(bytes)
    }
  ) throws(SyscallError) {
    file = try FileDescriptor.open(path, [.writeOnly, .create, .append, .noFollow, .nonBlocking], mode: 0o640)
    self.write = write
    guard try file.status().kind == .regular else { throw SyscallError("open", path, errno: .invalid) }
  }

  /// One call of `write` for all records of the batch, unless some were lost before.
  package func append(_ batch: Batch) {
    if lost > 0, put(marker()) == 0 { lost = 0 }
    lost += lost > 0 ? batch.ends.count : put(batch)
  }

  private func marker() -> Batch {
    var batch = Batch()
    let text = "[proa: \(lost) log records were lost here: \(reason)]"
    batch.add(LogLineSplitter.Piece(bytes: Array(text.utf8)[...], endsLine: true, time: .now), .stderr)
    return batch
  }

  /// How many records were not written.
  private func put(_ batch: Batch) -> Int {
    var taken = 0
    do throws(SyscallError) {
      while taken < batch.bytes.count { taken += try writeOnce(batch.bytes, from: taken) }
      return 0
    } catch {
      reason = "\(error.errno)"
      cut(taken - (batch.ends.last { $0 <= taken } ?? 0))
      return batch.ends.count { $0 > taken }
    }
  }

  private func writeOnce(_ bytes: [UInt8], from start: Int) throws(SyscallError) -> Int {
    let result: Result<Int, SyscallError> = bytes.withUnsafeBytes { buffer in
      do throws(SyscallError) {
        return .success(try write(file, UnsafeRawBufferPointer(rebasing: buffer[start...])))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// Removes the torn record at the end, so that the file stays readable.
  private func cut(_ torn: Int) {
    guard torn > 0 else { return }
    do throws(SyscallError) { try file.truncate(to: try file.status().size - Int64(torn)) } catch {
      reason = "\(error.errno)"
    }
  }
}
