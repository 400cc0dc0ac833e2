internal import Glibc

/// An extended regular expression, `regex(7)`, of a stranger's making: without references back, for which the C library tries
/// everything, and without so many repeats that to compile it takes much memory. What is left is matched in one pass.
package final class Pattern {
  /// Bytes.
  private static let greatestLength = 1000
  /// The product of all counts, as in Go, where nested ones are multiplied.
  private static let mostRepeats = 1000

  private var compiled = regex_t()

  /// - Throws: what is wrong with it, in the C library's words.
  package init(_ text: String) throws(PatternError) {
    try Self.check(Array(text.utf8))
    let code = regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB)
    guard code == 0 else {
      var buffer = [CChar](repeating: 0, count: 256)
      let count = regerror(code, &compiled, &buffer, buffer.count)
      throw PatternError(
        description: String(decoding: buffer.prefix(max(0, count - 1)).map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
  }

  private static func check(_ text: [UInt8]) throws(PatternError) {
    guard text.count <= greatestLength else {
      throw PatternError(description: "Regular expression too big")
    }
    var repeats = 1
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\\"):
        index += 1
        if index < text.count, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(text[index]) {
          throw PatternError(description: "Invalid back reference")
        }
      case UInt8(ascii: "{"):
        repeats = repeats.multipliedReportingOverflow(by: count(text[(index + 1)...])).partialValue
        guard (0...mostRepeats).contains(repeats) else {
          throw PatternError(description: "Invalid repeat count")
        }
      default: break
      }
      index += 1
    }
  }

  /// The greater number of `3}` or `3,5}`; 1 where there is none.
  private static func count(_ text: ArraySlice<UInt8>) -> Int {
    let numbers = text.prefix { $0 != UInt8(ascii: "}") }.split(separator: UInt8(ascii: ","))
    return numbers.map { Int(String(decoding: $0, as: UTF8.self)) ?? 1 }.reduce(1, max)
  }

  deinit { regfree(&compiled) }

  /// Whether any part of `text` matches.
  package func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }
}

/// Why a text is no regular expression.
package struct PatternError: Error, Equatable {
  package var description: String
}
