/// Lengths of time as Docker says them.
enum HumanDuration {
  /// `2 minutes`, `About an hour`.
  static func describe(seconds: Int64) -> String {
    let minutes = seconds / 60
    let hours = (seconds + 1800) / 3600
    switch true {
    case seconds < 1: return "Less than a second"
    case seconds == 1: return "1 second"
    case seconds < 60: return "\(seconds) seconds"
    case minutes == 1: return "About a minute"
    case minutes < 60: return "\(minutes) minutes"
    case hours == 1: return "About an hour"
    case hours < 48: return "\(hours) hours"
    case hours < 24 * 7 * 2: return "\(hours / 24) days"
    case hours < 24 * 30 * 2: return "\(hours / 24 / 7) weeks"
    case hours < 24 * 365 * 2: return "\(hours / 24 / 30) months"
    default: return "\(seconds / 3600 / 24 / 365) years"
    }
  }
}
