import FuzzDriver
import Glibc
import Tar

// Whatever the bytes are: an end, or a typed error. Only the first mebibyte is asked for: how much is too much is the caller's to say.
exit(
  fuzz { data, count in
    do {
      let source = try Unzstd(MemorySource(Array(UnsafeBufferPointer(start: data, count: count)), step: 100))
      var buffer = [UInt8](repeating: 0, count: 4096)
      for _ in 0..<256 {
        if try buffer.withUnsafeMutableBytes({ try source.read(into: $0) }) == 0 { break }
      }
    } catch { precondition(error is Unzstd.Failure, "\(error)") }
    return 0
  })
