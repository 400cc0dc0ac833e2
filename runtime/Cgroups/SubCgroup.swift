/// Groups below a container's that exist already, as `exec --cgroup` names them.
public struct SubCgroup: Equatable, Sendable {
  /// By controller; `""` stands for all of them.
  private var paths: [String: String] = [:]

  /// - Parameter arguments: a single `path`, or `controller[,controller…]:path` each.
  public init(_ arguments: [String]) throws(CgroupError) {
    for argument in arguments {
      guard let colon = argument.firstIndex(of: ":") else {
        guard arguments.count == 1 else { throw Self.invalid(argument, "missing <controller>: prefix") }
        paths[""] = try Self.checked(argument, argument)
        continue
      }
      let path = try Self.checked(String(argument[argument.index(after: colon)...]), argument)
      for controller in argument[..<colon].split(separator: ",", omittingEmptySubsequences: false) {
        guard !controller.isEmpty else { throw Self.invalid(argument, "empty <controller> prefix") }
        guard paths.updateValue(path, forKey: String(controller)) == nil else {
          throw Self.invalid(argument, "controller \(controller) specified multiple times")
        }
      }
    }
  }

  private static func checked(_ path: String, _ argument: String) throws(CgroupError) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.contains(".."), !path.utf8.contains(0) else { throw invalid(argument, "bad sub cgroup path") }
    return parts.joined(separator: "/")
  }

  private static func invalid(_ argument: String, _ reason: String) -> CgroupError {
    CgroupError(.invalid("invalid --cgroup argument: \(argument) (\(reason))"))
  }

  /// The groups of `cgroup` with those that are named in their place.
  func within(_ cgroup: Cgroup) throws(CgroupError) -> Cgroup {
    if let unknown = paths.keys.sorted().first(where: { $0 != "" && cgroup.folder(controlling: $0) == nil }) {
      throw CgroupError(.invalid("unknown controller \(unknown) in --cgroup"))
    }
    return Cgroup(
      folders: cgroup.folders.map { folder in
        let path = folder.controllers.compactMap { paths[$0] }.first ?? paths[""] ?? ""
        return path.isEmpty ? folder : folder.inner(path)
      }, unit: cgroup.unit)
  }
}

extension Cgroup {
  /// Groups below this one, which have to exist already.
  public func entering(_ inner: SubCgroup) throws(CgroupError) -> Cgroup { try inner.within(self) }
}

extension Cgroup.Folder {
  fileprivate func inner(_ path: String) -> Self {
    Self(version: version, controllers: controllers, path: "\(self.path)/\(path)", mountPoint: mountPoint)
  }
}
