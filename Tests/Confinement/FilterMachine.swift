/// Runs a seccomp filter as the kernel would: what it says to one system call. Only the operations that the kernel lets
/// seccomp use exist; any other, and a jump out of the program, is an error.
struct FilterMachine {
  let program: [UInt8]

  struct Call {
    var architecture: UInt32 = 0xc000_003e
    var number: UInt32
    var arguments: [UInt64] = []
  }

  struct Malformed: Error {
    var counter: Int
    var operation: UInt16
  }

  func action(on call: Call) throws -> UInt32 {
    var words = [call.number, call.architecture, 0, 0]
    for index in 0..<6 {
      let argument = index < call.arguments.count ? call.arguments[index] : 0
      words += [UInt32(truncatingIfNeeded: argument), UInt32(argument >> 32)]
    }
    var (accumulator, counter) = (UInt32(0), 0)
    while (counter + 1) * 8 <= program.count {
      let (operation, onTrue, onFalse, value) = instruction(counter)
      counter += 1
      func jump(_ taken: Bool) { counter += taken ? onTrue : onFalse }
      switch operation {
      case 0x20: accumulator = words[Int(value / 4)]
      case 0x54: accumulator &= value
      case 0x05: counter += Int(value)
      case 0x15: jump(accumulator == value)
      case 0x25: jump(accumulator > value)
      case 0x35: jump(accumulator >= value)
      case 0x45: jump(accumulator & value != 0)
      case 0x06: return value
      default: throw Malformed(counter: counter - 1, operation: operation)
      }
    }
    throw Malformed(counter: counter, operation: 0)
  }

  private func instruction(_ index: Int) -> (UInt16, Int, Int, UInt32) {
    let bytes = program[(index * 8)..<(index * 8 + 8)].map { UInt32($0) }
    return (
      UInt16(bytes[0] | bytes[1] << 8), Int(bytes[2]), Int(bytes[3]),
      bytes[4] | bytes[5] << 8 | bytes[6] << 16 | bytes[7] << 24
    )
  }
}
