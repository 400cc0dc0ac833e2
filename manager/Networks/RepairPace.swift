/// How long to leave the rules alone after they had to be put back: not at all a few times, then longer and longer. Whoever
/// removes them as often as they come back would otherwise keep both sides busy without end.
struct RepairPace {
  /// So many times in a row the rules are watched on at once.
  static let free = 5
  static let shortest = Duration.seconds(1)
  static let longest = Duration.seconds(60)

  private var inARow = 0
  private var last: ContinuousClock.Instant?

  /// - Parameter now: when the rules have been put back.
  /// - Returns: how long to wait before they are looked at again.
  mutating func pause(after now: ContinuousClock.Instant) -> Duration {
    // Untouched for longer than any pause: whatever it was is over.
    if let last, now - last > Self.longest * 2 { inARow = 0 }
    last = now
    inARow += 1
    guard inARow > Self.free else { return .zero }
    return min(Self.shortest * (1 << min(inARow - Self.free - 1, 16)), Self.longest)
  }
}
