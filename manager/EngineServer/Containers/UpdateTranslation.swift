internal import Containers
internal import EngineAPI

/// The body of an update request in the domain's words.
enum UpdateTranslation {
  static func update(_ body: ContainerUpdateRequest, version: APIVersion) throws(ContainerError) -> ContainerUpdate {
    try Refusals.check(body)
    var update = ContainerUpdate()
    update.resources = ResourceTranslation.resources(body.resources)
    // Here, other than at creation, 0 and -1 are a wish: no limit.
    update.resources.pids = version < APIVersion(1, 40) ? nil : body.resources.pidsLimit.map { max($0, 0) }
    if !body.restartPolicy.name.isEmpty { update.restartPolicy = try HostTranslation.policy(body.restartPolicy) }
    return update
  }
}
