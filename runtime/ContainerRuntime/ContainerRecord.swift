package import Cgroups
package import JSON
package import OCIRuntimeSpec

/// What `state.json` holds. Names are runc's where it has the same thing.
package struct ContainerRecord: JSONMappable, Equatable {
  package var id = ""
  package var ociVersion = ""
  package var pid = Int32(0)
  package var startTime = UInt64(0)
  package var created = ""
  package var bundle = ""
  package var rootfs = ""
  /// Who created it.
  package var ownerUID = UInt32(0)
  package var annotations: [String: String] = [:]
  /// Controller → directory, `""` for v2.
  package var cgroupPaths: [String: String] = [:]
  /// The scope that systemd keeps it in; empty if systemd does not.
  package var systemdUnit = ""
  /// Whether the configuration has hooks: without any it need not be read again.
  package var hasHooks = false
  /// Whether its processes keep the session keyring of who creates and executes them, `--no-new-keyring`.
  package var noNewKeyring = false
  /// `nil` if the configuration has no `linux.intelRdt`.
  package var resourceControl: ResourceControlGroups?
  package var unknown = JSONObject()

  package init() {}

  package mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("id", &id)
    try json.required("oci_version", &ociVersion)
    try json.required("init_process_pid", &pid)
    try json.required("init_process_start", &startTime)
    try json.required("created", &created)
    try json.required("bundle", &bundle)
    try json.required("rootfs", &rootfs)
    try json.required("owner_uid", &ownerUID)
    try json.nonEmpty("annotations", &annotations)
    try json.nonEmpty("cgroup_paths", &cgroupPaths)
    try json.nonEmpty("systemd_unit", &systemdUnit)
    try json.flag("has_hooks", &hasHooks)
    try json.flag("no_new_keyring", &noNewKeyring)
    try json.optional("intel_rdt", &resourceControl)
    json.unknown(&unknown)
  }

  package var identity: ProcessIdentity { ProcessIdentity(pid: pid, startTime: startTime) }

  /// The state that hooks are told (runtime.md §State).
  package func state(_ status: ContainerStatus) -> State {
    var state = State()
    state.ociVersion = ociVersion
    state.id = id
    state.status = status
    state.pid = status == .stopped ? 0 : pid
    state.bundle = bundle
    state.annotations = annotations
    return state
  }
}
