/// Lets one transition of a container through at a time, in the order of their coming. An actor alone does not: while one
/// of its methods waits, another may begin. Used from within one actor only.
struct TransitionGate {
  private var isHeld = false
  private var queue: [CheckedContinuation<Void, Never>] = []

  /// Whether the gate is now the caller's; otherwise the caller has to queue.
  mutating func take() -> Bool {
    defer { isHeld = true }
    return !isHeld
  }

  mutating func enqueue(_ continuation: CheckedContinuation<Void, Never>) { queue.append(continuation) }

  /// Hands the gate to the next in line.
  mutating func release() {
    if queue.isEmpty { isHeld = false } else { queue.removeFirst().resume() }
  }
}
