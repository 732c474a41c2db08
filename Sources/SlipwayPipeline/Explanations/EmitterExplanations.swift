/// What a tool of the deployment would refuse, misread or ignore.
extension Explanations {
  static let alerting: [Explanation] = [
    Explanation(
      "alerts/can-be-tested",
      why: "its unit test would have to run longer than its clock, which ends after 25 hours",
      fix: "write `for:` of at most 24 hours, and a longer window in the condition"),
    Explanation(
      "alerts/leave-the-heartbeat-alone",
      why: "every environment already has a heartbeat, and silences and tests go by name",
      fix: "delete the alert, or give it another name", source: ["C-69"]),
    Explanation(
      "alerts/reach-somebody", why: "an alert that nobody hears is no alert",
      fix: "name at least one receiver for the level", source: ["C-69"]),
    Explanation(
      "alerts/watch-what-runs",
      why: "an alert on something that is not there never fires, and nobody notices",
      fix: "run the component, or leave the alert out of this environment's `watches:`"),
    Explanation(
      "dashboards/have-their-own-name",
      why: "the name is the dashboard's file and address: the second would replace the first",
      fix: "give one of them another name"),
    Explanation(
      "dashboards/mark-what-is-watched",
      why: "the panel shows no bound, and no runbook is linked",
      fix: "add the alert to `alerts:` of this environment, or delete `marks:`"),
    Explanation(
      "recordings/have-their-own-name",
      why: "Prometheus would store both under one name, and drop one of each two samples",
      fix: "give one of them another name"),
    Explanation(
      "runbooks/name-scripts-that-exist",
      why: "whoever follows the page stands there without the command, when minutes matter",
      fix: "name a script of templates/scripts/, or write that one"),
    Explanation(
      "runbooks/say-one-thing",
      why: "a name is one page: whoever is woken up would read the steps of something else",
      fix: "give one of them another name, or write it once"),
  ]

  static let edge: [Explanation] = [
    Explanation(
      "edge/keeps-its-own-paths",
      why: "metrics stay inside, and certificates and error pages are the edge's own",
      fix: "forward another path", source: ["C-05"]),
    Explanation(
      "edge/limits-have-one-meaning", why: "requests are counted by the name of their class",
      fix: "give one of the classes another name", source: ["C-07"]),
    Explanation(
      "edge/limits-let-something-through",
      why: "nginx takes a plain name and at least one request a minute",
      fix: "name it with a-z, 0-9 and '-', and let at least one request through",
      source: ["C-07"]),
    Explanation(
      "edge/names-are-host-names",
      why: "anything but a plain host name is a pattern or a second word to nginx",
      fix: "write a host name: letters, digits, '-' and '.', in lower case"),
    Explanation(
      "edge/names-are-unique", why: "nginx ignores the second of two servers with one name",
      fix: "delete it from `also:`"),
    Explanation(
      "edge/files-hide-nothing",
      why: "nginx prefers a prefix of files to any pattern, whatever stands first",
      fix: "write the files of the same program first, or give them a prefix of their own"),
    Explanation(
      "edge/paths-are-plain",
      why: "other characters are variables, patterns or ends of words to nginx",
      fix: "start with '/' and use letters, digits, '-', '.', '_' and '~'; `{name}` for a segment"),
    Explanation(
      "edge/paths-are-unique",
      why: "nginx refuses a second location for one path, and never asks a second pattern",
      fix: "delete one of them"),
    Explanation(
      "edge/proxies-are-addresses",
      why: "whoever is trusted decides which client is limited; all of the internet must not be",
      fix: "write ranges of addresses, and the header that these proxies write"),
    Explanation(
      "edge/upstreams-exist", why: "requests would be forwarded to a name that nothing has",
      fix: "forward to a component that runs"),
  ]

  static let delivery: [Explanation] = [
    Explanation(
      "delivery/after-exists",
      why: "images come from the environment before; without one nothing could be delivered",
      fix: "name an environment that is delivered itself, or delete `after:` to build here"),
    Explanation(
      "delivery/machines-are-of-one-kind",
      why: "one build makes an image for one kind of machine; what is emulated is not what runs",
      fix: "give all nodes of delivered environments one platform"),
    Explanation(
      "docker/images-are-built-one-way",
      why: "a registry holds one image of a name; the second would replace the first",
      fix: "give one of them another name, or describe it once"),
    Explanation(
      "docker/runtime-matches-the-builder",
      why: "an executable does not start on another version of the library it was linked with",
      fix: "lock both at the same version: `slipway lock`"),
  ]

  static let stack: [Explanation] = [
    Explanation(
      "configs/fit-the-engine",
      why: "Swarm refuses configs above 500 KiB and names above 64 characters",
      fix: "split the file, or shorten the names of the project and the environment"),
    Explanation(
      "mounts/have-files", why: "the container would start without its configuration",
      fix: "generate the file, or take the mount away from the part"),
    Explanation(
      "ports/stay-as-narrow-as-written",
      why: "a stack binds a published port to every address of the node",
      fix: "publish it in development only, and reach it through the edge elsewhere"),
    Explanation(
      "reload/stays-in-development",
      why: "what is deployed comes from a release record, and from nothing else",
      fix: "delete `source:`", source: ["S17-ENV-05"]),
    Explanation(
      "rolls/free-the-port-first",
      why: "the new container waits for ever for the port that the old one holds",
      fix: "let it stop first, or take the port away"),
    Explanation(
      "secrets/fit-the-engine", why: "Swarm refuses names above 64 characters",
      fix: "shorten the names of the project, the environment or the secret"),
  ]
}
