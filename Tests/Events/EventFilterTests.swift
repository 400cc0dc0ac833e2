import Testing

@testable import Events

struct EventFilterTests {
  private static let start = Event(
    "start", actor: "abcdef", ["name": "web", "image": "busybox:1.36", "tier": "front", "flag": ""])
  private static let exec = Event("exec_create: sh -c true", actor: "abcdef", ["name": "web"])
  private static let tag = Event("tag", kind: .image, actor: "sha256:12", ["name": "busybox:1.36"])
  private static let connect = Event(
    "connect", kind: .network, actor: "net1", ["name": "bridge", "container": "abcdef"])

  @Test(
    arguments: [
      ([:], start, true),
      (["type": ["image", "container"]], start, true), (["type": ["image"]], start, false),
      (["event": ["start"]], start, true), (["event": ["sta"]], start, false),
      (["event": ["exec_create"]], exec, true), (["event": ["exec_create: sh -c true"]], exec, true),
      (["event": ["die", "exec_start"]], exec, false),
      (["scope": ["local"]], start, true), (["scope": ["swarm"]], start, false),
      (["container": ["web"]], start, true), (["container": ["abc"]], start, true),
      (["container": ["x"]], start, false),
      (["container": ["web"]], connect, false), (["network": ["bridge"]], connect, true),
      (["network": ["bridge"]], start, false),
      (["image": ["busybox"]], start, true), (["image": ["busybox:1.36"]], start, true),
      (["image": ["busybox:2"]], start, false), (["image": ["busybox"]], tag, true),
      (["image": ["sha256:12"]], tag, true),
      (["label": ["tier"]], start, true), (["label": ["tier=front"]], start, true),
      (["label": ["tier=back"]], start, false), (["label": ["flag="]], start, true),
      (["label": ["tier", "none"]], start, false),
      (["type": ["container"], "event": ["die"]], start, false),
      (["type": []], start, true),
    ] as [([String: [String]], Event, Bool)])
  func `which events a filter takes`(values: [String: [String]], event: Event, isTaken: Bool) {
    #expect(EventFilter(values).includes(event) == isTaken)
  }
}
