internal import LinuxKernel

/// The format of Docker's `local` driver, which Docker reads too: a message between its length and its length again, four
/// bytes in network order each, so that it can be read from either end.
///
/// ```
/// message LogEntry {                         message PartialLogEntryMetadata {
///   string source = 1;                         bool last = 1;
///   int64 time_nano = 2;                       string id = 2;
///   bytes line = 3;                            int32 ordinal = 3;
///   bool partial = 4;                        }
///   PartialLogEntryMetadata partial_log_metadata = 5;
/// }
/// ```
package final class LocalFormat: LogFormat {
  package let separator: UInt8? = nil

  package init() {}

  package func bound(_ size: Int) -> Int { size + 192 }

  package func write(_ piece: LogPiece, _ stream: OutputStream, to target: UnsafeMutableRawPointer) -> Int {
    var message = MessageWriter(target + 4)
    message.field(1, stream == .stdout ? "stdout" : "stderr")
    message.field(2, UInt64(bitPattern: piece.time.seconds &* 1_000_000_000 &+ piece.time.nanoseconds))
    message.field(3, piece.bytes)
    if let part = piece.part {
      message.field(4, 1)
      message.message(5) { message in
        if piece.endsLine { message.field(1, 1) }
        message.identifier(2, part.line)
        message.field(3, UInt64(part.ordinal))
      }
    }
    let length = message.end - target - 4
    target.storeBytes(of: UInt32(length).bigEndian, as: UInt32.self)
    message.end.storeBytes(of: UInt32(length).bigEndian, as: UInt32.self)
    return length + 8
  }
}

/// Writes protocol buffers, of those kinds of fields that there are here.
private struct MessageWriter {
  private(set) var end: UnsafeMutableRawPointer

  init(_ start: UnsafeMutableRawPointer) { end = start }

  /// A number; 0 is not written, as in every third version of a protocol.
  mutating func field(_ number: UInt8, _ value: UInt64) {
    guard value != 0 else { return }
    put(number << 3)
    varint(value)
  }

  mutating func field(_ number: UInt8, _ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    put(number << 3 | 2)
    varint(UInt64(bytes.count))
    end.copyMemory(from: start, byteCount: bytes.count)
    end += bytes.count
  }

  mutating func field(_ number: UInt8, _ text: StaticString) {
    field(number, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// 64 hexadecimal digits.
  mutating func identifier(_ number: UInt8, _ value: SIMD4<UInt64>) {
    put(number << 3 | 2)
    put(64)
    for index in 0..<64 {
      let digit = UInt8(truncatingIfNeeded: value[index / 16] >> UInt64(60 - index % 16 * 4)) & 15
      put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }

  /// A message of less than 128 bytes.
  mutating func message(_ number: UInt8, _ body: (inout MessageWriter) -> Void) {
    put(number << 3 | 2)
    let length = end
    end += 1
    body(&self)
    length.storeBytes(of: UInt8(end - length - 1), as: UInt8.self)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(UInt8(rest))
  }

  private mutating func put(_ byte: UInt8) {
    end.storeBytes(of: byte, as: UInt8.self)
    end += 1
  }
}
