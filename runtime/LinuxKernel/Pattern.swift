internal import Glibc

/// An extended regular expression, `regex(7)`, of a stranger's making: without references back, for which the C library tries
/// everything, and without so many repeats that to compile it takes much memory. What is left is matched in one pass.
package final class Pattern {
  private var compiled = regex_t()

  /// - Throws: what is wrong with it, in the C library's words.
  package init(_ text: String) throws(PatternError) {
    try PatternSize.check(Array(text.utf8))
    let code = regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB)
    guard code == 0 else {
      var buffer = [CChar](repeating: 0, count: 256)
      let count = regerror(code, &compiled, &buffer, buffer.count)
      throw PatternError(
        description: String(decoding: buffer.prefix(max(0, count - 1)).map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
  }

  deinit { regfree(&compiled) }

  /// Whether any part of `text` matches.
  package func matches(_ text: String) -> Bool { regexec(&compiled, text, 0, nil, 0) == 0 }
}

/// Why a text is no regular expression.
package struct PatternError: Error, Equatable {
  package var description: String
}
