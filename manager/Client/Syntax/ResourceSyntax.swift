internal import EngineAPI

extension Ulimit {
  /// `nofile=1024` or `nofile=1024:2048`, soft and hard.
  init(commandLine text: String) throws(ClientError) {
    self.init()
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let values = parts.count > 1 ? parts[1].split(separator: ":", omittingEmptySubsequences: false) : []
    guard (1...2).contains(values.count), !parts[0].isEmpty, let soft = Int64(values[0]),
      let hard = Int64(values[values.count - 1])
    else { throw .usage("invalid argument \"\(text)\" for \"--ulimit\" flag: invalid ulimit argument: \(text)") }
    guard hard < 0 || (soft >= 0 && soft <= hard) else {
      throw .usage(
        "invalid argument \"\(text)\" for \"--ulimit\" flag: ulimit soft limit must be less than or equal to hard limit: "
          + "\(soft) > \(hard)")
    }
    name = String(parts[0])
    self.soft = soft
    self.hard = hard
  }
}

extension DeviceMapping {
  /// `/dev/a`, `/dev/a:/dev/b`, `/dev/a:rwm` or `/dev/a:/dev/b:rwm`.
  init(commandLine text: String) throws(ClientError) {
    self.init()
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...3).contains(parts.count), !parts[0].isEmpty else {
      throw .usage("invalid device specification: \(text)")
    }
    cgroupPermissions = "rwm"
    if parts.count == 3 || (parts.count == 2 && !parts[1].hasPrefix("/")) {
      let permissions = parts.removeLast()
      guard !permissions.isEmpty, permissions.allSatisfy({ "rwm".contains($0) }) else {
        throw .usage("invalid device mode: \(permissions)")
      }
      cgroupPermissions = permissions
    }
    pathOnHost = parts[0]
    pathInContainer = parts.count > 1 ? parts[1] : parts[0]
  }
}

extension RestartPolicy {
  /// `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`.
  init(commandLine text: String) throws(ClientError) {
    self.init()
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(parts[0])
    guard ["no", "always", "unless-stopped", "on-failure"].contains(name) else {
      throw .usage(
        "invalid restart policy: unknown policy '\(name)'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
      )
    }
    guard parts.count > 1 else { return }
    guard name == "on-failure", let count = Int(parts[1]), count >= 0 else {
      throw .usage("invalid restart policy: maximum retry count '\(parts[1])' cannot be used with '\(name)'")
    }
    maximumRetryCount = count
  }
}

/// `--cpus 0.5`.
enum Processors {
  /// Billionths of a processor; `nil` if it is no such number.
  static func nano(_ text: String) -> Int64? {
    guard let value = Double(text), value >= 0, value < 1e9 else { return nil }
    return Int64((value * 1e9).rounded())
  }
}
