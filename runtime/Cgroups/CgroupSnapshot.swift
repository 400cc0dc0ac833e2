internal import LinuxKernel

/// What the files of some limits held before they were changed.
public struct CgroupSnapshot: Sendable {
  fileprivate struct Value {
    var file: String
    /// What to write to have the old state back.
    var value: String
  }

  fileprivate var values: [Value] = []
}

extension Cgroup {
  /// Remembers the limits that `limits` would change. Devices are not among them: they are applied last, in one step.
  public func snapshot(of limits: CgroupLimits) throws(CgroupError) -> CgroupSnapshot {
    var snapshot = CgroupSnapshot()
    for setting in limits.settings {
      guard let folder = setting.controller.isEmpty ? unified : folder(controlling: setting.controller) else {
        continue
      }
      for (name, value) in [(setting.file, setting.value)] + (setting.alternative.map { [($0.file, $0.value)] } ?? []) {
        let file = "\(folder.path)/\(name)"
        do throws(SyscallError) {
          snapshot.values.append(
            .init(file: file, value: Self.former(of: value, in: try CgroupFile.text(of: file), file: name)))
        } catch {
          // Not this one, but the alternative; or a file that can only be written.
          guard [.noEntry, .accessDenied, .invalid].contains(error.errno) else {
            throw CgroupError(.kernel(error), path: setting.path)
          }
        }
      }
    }
    return snapshot
  }

  /// Undoes a change that stopped at `error`.
  /// - Throws: `error` with what could not be undone.
  public func restore(_ snapshot: CgroupSnapshot, after error: CgroupError) throws(CgroupError) {
    var rest = snapshot.values.reversed() as [CgroupSnapshot.Value]
    // Limits that limit each other may need another order than they were set in.
    for isLast in [false, true] {
      var failed: [CgroupSnapshot.Value] = []
      for value in rest {
        do throws(SyscallError) { try CgroupFile.write(value.value, to: value.file) } catch let second {
          failed.append(value)
          if isLast { throw CgroupError(.state("\(error) (and not put back: \(second))")) }
        }
      }
      rest = failed
    }
  }

  /// The text that brings back what `content` says where `value` was written.
  static func former(of value: String, in content: String, file: String) -> String {
    let lines = content.split(separator: "\n")
    let words = value.split(separator: " ")
    guard let device = words.first, device.contains(":"), words.count == 2 else {
      // One value, or a first line that says it (`oom_kill_disable 0`).
      if file == "cpuset.cpus.partition" { return String(content.prefix { !$0.isWhitespace }) }
      guard lines.count > 1, let last = lines.first?.split(separator: " ").last else {
        return lines.first.map(String.init) ?? "\n"
      }
      return String(last)
    }
    if let line = lines.first(where: { $0.hasPrefix("\(device) ") }) { return String(line) }
    switch file {
    case "io.max": return "\(device) \(words[1].prefix { $0 != "=" })=max"
    case "io.weight", "io.bfq.weight": return "\(device) default"
    default: return "\(device) 0"
    }
  }
}
