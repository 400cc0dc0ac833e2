internal import OCIImageSpec

/// A pattern for names as a shell has it: `*` for anything but a slash, `?` for one character but a slash, `[a-z]` for one of a set,
/// `\` before a character that is meant as such.
struct NamePattern {
  private let pattern: [Character]

  init(_ pattern: String) { self.pattern = Array(pattern) }

  /// Whether a form in which Docker shows the name matches: with and without the tag, short or in full.
  func matches(_ name: Reference) -> Bool {
    [name.familiar, name.familiarRepository, name.canonical, name.repository].contains { matches($0) }
  }

  func matches(_ text: String) -> Bool {
    let text = Array(text)
    // Positions to go back to when what follows a star does not fit: one star is enough, the last one.
    var (position, index) = (0, 0)
    var star: (position: Int, index: Int)?
    while index < text.count {
      if position < pattern.count, pattern[position] == "*" {
        star = (position, index)
        position += 1
      } else if let length = step(at: position, text[index]) {
        position += length
        index += 1
      } else if let last = star, text[last.index] != "/" {
        star = (last.position, last.index + 1)
        (position, index) = (last.position + 1, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == "*" }
  }

  /// How many characters of the pattern at `position` stand for `character`; `nil` if they do not.
  private func step(at position: Int, _ character: Character) -> Int? {
    guard position < pattern.count else { return nil }
    switch pattern[position] {
    case "?": return character == "/" ? nil : 1
    case "[": return set(at: position, character)
    case "\\" where position + 1 < pattern.count: return pattern[position + 1] == character ? 2 : nil
    default: return pattern[position] == character ? 1 : nil
    }
  }

  private func set(at start: Int, _ character: Character) -> Int? {
    guard let end = pattern[(start + 1)...].firstIndex(of: "]"), character != "/" else { return nil }
    var members = pattern[(start + 1)..<end]
    let isNegated = members.first == "^"
    if isNegated { members = members.dropFirst() }
    var isMember = false
    while let first = members.popFirst() {
      var last = first
      if members.first == "-", let end = members.dropFirst().first {
        last = end
        members = members.dropFirst(2)
      }
      if first <= last, (first...last).contains(character) { isMember = true }
    }
    return isMember != isNegated ? end - start + 1 : nil
  }
}
