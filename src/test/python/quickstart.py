"""Calls a server as clients of v0.1.6 did: the quickstart, the rest of the service, and errors.
Then calls what this server offers beside it, direktiv.v1.

usage: quickstart.py PORT, with the modules generated from ingress_v016.proto, health.proto and
direktiv/v1/direktiv.proto in the path. Prints what fails and exits with 1.
"""

import re
import sys
import time

import grpc

import direktiv.v1.direktiv_pb2 as v1
import direktiv.v1.direktiv_pb2_grpc as v1_grpc
import health_pb2
import health_pb2_grpc
import ingress_v016_pb2 as pb
import ingress_v016_pb2_grpc

ABSENT = "00000000-0000-4000-8000-000000000000"
HELLOWORLD = b"""id: helloworld
description: says hello
states:
- id: hello
  type: noop
  transform: '{ msg: ("Hello, " + .name + "!") }'
"""
SLEEP = b"id: sleep\nstates:\n- id: wait\n  type: delay\n  duration: PT1H\n"
GREET = b"""id: greet
start:
  type: event
  event:
    type: greeting
states:
- id: a
  type: noop
"""
CLOCK = b"id: clock\nstart:\n  type: scheduled\n  cron: '0 0 1 1 *'\nstates:\n- id: a\n  type: noop\n"
EVENT = b'{"specversion":"1.0","id":"1","source":"test","type":"greeting","data":{"name":"Alan"}}'


def refuses(code, message, call):
    try:
        call()
    except grpc.RpcError as e:
        assert (e.code(), e.details()) == (code, message), (e.code(), e.details(), message)
    else:
        raise AssertionError("should be refused with: " + message)


def every_field_is_set(message, *but):
    for field in message.DESCRIPTOR.fields:
        is_single = field.has_presence and field.name not in but
        assert not is_single or message.HasField(field.name), (field.full_name, message)


def namespaces(api):
    created = api.AddNamespace(pb.Name(name="demo"))
    assert created.name == "demo"
    assert api.GetNamespaces(pb.Paging()).namespaces[0].createdAt == created.createdAt
    assert created.createdAt.nanos % 1000 == 0, created
    assert abs(created.createdAt.seconds - time.time()) < 60
    api.AddNamespace(pb.Name(name="another"))
    all_ = api.GetNamespaces(pb.Paging())
    assert [n.name for n in all_.namespaces] == ["another", "demo"]
    every_field_is_set(all_)
    every_field_is_set(all_.namespaces[0])
    part = api.GetNamespaces(pb.Paging(offset=1, limit=1))
    assert [n.name for n in part.namespaces] == ["demo"]
    assert api.DeleteNamespace(pb.Name(name="another")).name == "another"
    refuses(
        grpc.StatusCode.ALREADY_EXISTS,
        "namespace 'demo' already exists",
        lambda: api.AddNamespace(pb.Name(name="demo")),
    )
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "namespace 'another' does not exist",
        lambda: api.DeleteNamespace(pb.Name(name="another")),
    )
    refuses(
        grpc.StatusCode.INVALID_ARGUMENT,
        "namespace name must match regex: ^[a-z][a-z0-9._-]{1,34}[a-z0-9]$",
        lambda: api.AddNamespace(pb.Name(name="Demo")),
    )
    refuses(
        grpc.StatusCode.INVALID_ARGUMENT,
        "limit must be 0 or more, but it is -1",
        lambda: api.GetNamespaces(pb.Paging(limit=-1)),
    )


def workflows(api):
    created = api.AddWorkflow(pb.NewWorkflow(namespace="demo", active=True, workflow=HELLOWORLD))
    assert (created.id, created.revision, created.active) == ("helloworld", 0, True)
    every_field_is_set(created, "description", "workflow", "logToEvents")
    found = api.GetWorkflowById(pb.NamespaceAndId(namespace="demo", id="helloworld"))
    every_field_is_set(found)
    assert found.workflow == HELLOWORLD
    assert found.description == "says hello"
    assert api.GetWorkflowByUid(pb.Uid(uid=created.uid)) == found
    off = api.UpdateWorkflow(pb.ChangedWorkflow(uid=created.uid, active=False))
    every_field_is_set(off, "description", "workflow", "logToEvents")
    assert (off.revision, off.active) == (1, False)
    refuses(
        grpc.StatusCode.INVALID_ARGUMENT,
        "workflow is inactive",
        lambda: api.InvokeWorkflow(pb.Invocation(namespace="demo", workflowId="helloworld")),
    )
    on = api.UpdateWorkflow(pb.ChangedWorkflow(uid=created.uid, revision=1, active=True))
    assert (on.revision, on.active) == (2, True)
    refuses(
        grpc.StatusCode.ALREADY_EXISTS,
        "workflow 'helloworld' the workflow has already been updated",
        lambda: api.UpdateWorkflow(pb.ChangedWorkflow(uid=created.uid, revision=1, active=True)),
    )
    listed = api.GetWorkflows(pb.NamespacePaging(namespace="demo"))
    every_field_is_set(listed)
    every_field_is_set(listed.workflows[0])
    assert listed.total == 1
    nothing = api.GetWorkflows(pb.NamespacePaging(namespace="nope"))
    assert (len(nothing.workflows), nothing.total) == (0, 0)
    workflow_errors(api)
    return created.uid


def workflow_errors(api):
    refuses(
        grpc.StatusCode.ALREADY_EXISTS,
        "workflow 'helloworld' already exists",
        lambda: api.AddWorkflow(pb.NewWorkflow(namespace="demo", workflow=HELLOWORLD)),
    )
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "namespace 'nope' does not exist",
        lambda: api.AddWorkflow(pb.NewWorkflow(namespace="nope", workflow=HELLOWORLD)),
    )
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "workflow 'demo/nope' does not exist",
        lambda: api.GetWorkflowById(pb.NamespaceAndId(namespace="demo", id="nope")),
    )
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "workflow '" + ABSENT + "' does not exist",
        lambda: api.DeleteWorkflow(pb.Uid(uid=ABSENT)),
    )
    try:
        api.AddWorkflow(pb.NewWorkflow(namespace="demo", workflow=b"id: x\nstates:\n- type: nop\n"))
        raise AssertionError("a bad file should be refused")
    except grpc.RpcError as e:
        assert e.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert e.details().startswith("bad workflow definition: "), e.details()


def instances(api, uid):
    started = api.InvokeWorkflow(
        pb.Invocation(namespace="demo", workflowId="helloworld", input=b'{\n"name": "Alan"\n}\n')
    )
    assert re.fullmatch("demo/helloworld/[a-zA-Z]{6}", started.instanceId), started
    instance = api.GetWorkflowInstance(pb.Id(id=started.instanceId))
    every_field_is_set(instance)
    assert instance.status == "complete"
    assert instance.input == b'{\n  "name": "Alan"\n}'
    assert instance.output == b'{"msg":"Hello, Alan!"}'
    assert (instance.invokedBy, instance.revision) == (uid, 2)
    assert list(instance.flow) == ["hello"]
    waited = api.InvokeWorkflow(
        pb.Invocation(namespace="demo", workflowId="helloworld", input=b'{"name":"Eve"}', wait=True)
    )
    assert waited.output == b'{"msg":"Hello, Eve!"}'
    listed = api.GetWorkflowInstances(pb.NamespacePaging(namespace="demo"))
    every_field_is_set(listed)
    every_field_is_set(listed.workflowInstances[0])
    assert [i.id for i in listed.workflowInstances] == [waited.instanceId, started.instanceId]
    log = api.GetWorkflowInstanceLogs(pb.InstancePaging(instanceId=started.instanceId, limit=10000))
    every_field_is_set(log)
    every_field_is_set(log.workflowInstanceLogs[0])
    assert [line.message for line in log.workflowInstanceLogs] == [
        "Beginning workflow triggered by API.",
        "Running state logic -- hello:1 (noop)",
        "Transforming state data.",
        "Workflow completed.",
    ], log
    instance_errors(api)


def instance_errors(api):
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "instance 'demo/helloworld/AAAAAA' does not exist",
        lambda: api.GetWorkflowInstance(pb.Id(id="demo/helloworld/AAAAAA")),
    )
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "workflow 'nope' does not exist",
        lambda: api.InvokeWorkflow(pb.Invocation(namespace="demo", workflowId="nope")),
    )
    api.AddWorkflow(pb.NewWorkflow(namespace="demo", active=True, workflow=CLOCK))
    refuses(
        grpc.StatusCode.FAILED_PRECONDITION,
        "cannot directly invoke workflows with 'scheduled' starts",
        lambda: api.InvokeWorkflow(pb.Invocation(namespace="demo", workflowId="clock")),
    )


def cancelling(api):
    api.AddWorkflow(pb.NewWorkflow(namespace="demo", active=True, workflow=SLEEP))
    started = api.InvokeWorkflow(pb.Invocation(namespace="demo", workflowId="sleep"))
    running = api.GetWorkflowInstance(pb.Id(id=started.instanceId))
    every_field_is_set(running, "endTime")
    assert (running.status, running.input) == ("pending", b'{\n  "input": ""\n}')
    api.CancelWorkflowInstance(pb.Id(id=started.instanceId))
    api.CancelWorkflowInstance(pb.Id(id=started.instanceId))
    api.CancelWorkflowInstance(pb.Id(id="demo/sleep/AAAAAA"))
    cancelled = api.GetWorkflowInstance(pb.Id(id=started.instanceId))
    assert (cancelled.status, cancelled.errorCode) == ("cancelled", "direktiv.cancels.api")


def events(api):
    api.AddWorkflow(pb.NewWorkflow(namespace="demo", active=True, workflow=GREET))
    api.BroadcastEvent(pb.Event(namespace="demo", cloudevent=EVENT))
    paging = pb.NamespacePaging(namespace="demo", limit=1)
    deadline = time.monotonic() + 20
    newest = api.GetWorkflowInstances(paging).workflowInstances[0]
    while not newest.id.startswith("demo/greet/") and time.monotonic() < deadline:
        time.sleep(0.02)
        newest = api.GetWorkflowInstances(paging).workflowInstances[0]
    instance = api.GetWorkflowInstance(pb.Id(id=newest.id))
    assert instance.input == b'{\n  "greeting": {\n    "name": "Alan"\n  }\n}', instance
    refuses(
        grpc.StatusCode.INVALID_ARGUMENT,
        "invalid cloudevent: the attribute 'source' is required and must be a non-empty string",
        lambda: api.BroadcastEvent(
            pb.Event(namespace="demo", cloudevent=EVENT.replace(b"source", b"sauce"))
        ),
    )
    refuses(
        grpc.StatusCode.INVALID_ARGUMENT,
        "an event needs a namespace, but it is empty",
        lambda: api.BroadcastEvent(pb.Event(cloudevent=EVENT)),
    )


def holdings(api):
    for kind, data in ("Secret", b"hush"), ("Registry", b"user:token"):
        store = getattr(api, "Store" + kind)
        store(pb.Holding(namespace="demo", name="docker.io", data=data))
        refuses(
            grpc.StatusCode.ALREADY_EXISTS,
            kind.lower() + " 'docker.io' already exists",
            lambda: store(pb.Holding(namespace="demo", name="docker.io", data=data)),
        )
        refuses(
            grpc.StatusCode.NOT_FOUND,
            "namespace 'nope' does not exist",
            lambda: store(pb.Holding(namespace="nope", name="docker.io", data=data)),
        )
    assert [s.name for s in api.GetSecrets(pb.Namespace(namespace="demo")).secrets] == ["docker.io"]
    registries = api.GetRegistries(pb.Namespace(namespace="demo")).registries
    assert [r.name for r in registries] == ["docker.io"]
    every_field_is_set(registries[0])
    for kind in "Secret", "Registry":
        getattr(api, "Store" + kind)(pb.Holding(namespace="demo", name="empty", data=b""))
        getattr(api, "Delete" + kind)(pb.NamespaceAndName(namespace="demo", name="empty"))
        delete = getattr(api, "Delete" + kind)
        delete(pb.NamespaceAndName(namespace="demo", name="docker.io"))
        delete(pb.NamespaceAndName(namespace="demo", name="docker.io"))
    assert not api.GetSecrets(pb.Namespace(namespace="demo")).secrets
    assert not api.GetRegistries(pb.Namespace(namespace="nope")).registries


def healthy(channel):
    health = health_pb2_grpc.HealthStub(channel)
    request = health_pb2.HealthCheckRequest(service="ingress.DirektivIngress")
    assert health.Check(request).status == 1


def executing(own):
    request = v1.ExecuteWorkflowRequest(
        namespace="demo", workflow="helloworld", input=b'{"name":"Zoe"}', wait=True, idempotency_key="k"
    )
    request.wait_at_most.seconds = 20
    first = own.ExecuteWorkflow(request)
    assert not first.repeated_start
    assert first.ending.status == "complete", first
    assert first.ending.output == b'{"msg":"Hello, Zoe!"}'
    assert abs(first.ending.time.seconds - time.time()) < 60
    again = own.ExecuteWorkflow(request)
    assert (again.instance_id, again.repeated_start) == (first.instance_id, True)
    manual = v1.ExecuteWorkflowRequest(namespace="demo", workflow="clock", manual=True, wait=True)
    assert own.ExecuteWorkflow(manual).ending.status == "complete"
    refuses(
        grpc.StatusCode.NOT_FOUND,
        "workflow 'nope' does not exist",
        lambda: own.ExecuteWorkflow(v1.ExecuteWorkflowRequest(namespace="demo", workflow="nope")),
    )
    return first.instance_id


def following(own, ended):
    answers = list(own.FollowLogs(v1.FollowLogsRequest(instance_id=ended, offset=1, follow=True)))
    lines = [line for answer in answers for line in answer.lines]
    assert [(line.number, line.level, line.message) for line in lines] == [
        (1, "info", "Running state logic -- hello:1 (noop)"),
        (2, "info", "Transforming state data."),
        (3, "info", "Workflow completed."),
    ], lines
    assert [answer.HasField("ending") for answer in answers] == [False] * (len(answers) - 1) + [True]
    assert answers[-1].ending.output == b'{"msg":"Hello, Zoe!"}'


def cancelling_with_a_reason(own):
    started = own.ExecuteWorkflow(v1.ExecuteWorkflowRequest(namespace="demo", workflow="sleep"))
    assert not started.HasField("ending")
    follower = own.FollowLogs(v1.FollowLogsRequest(instance_id=started.instance_id, follow=True))
    assert next(follower).lines[0].number == 0
    cancel = v1.CancelInstanceRequest(instance_id=started.instance_id, reason="not needed")
    assert own.CancelInstance(cancel).cancelled
    ending = list(follower)[-1].ending
    assert (ending.status, ending.error_code, ending.error_message) == (
        "cancelled",
        "direktiv.cancels.api",
        "not needed",
    )
    assert not ending.HasField("output")
    assert not own.CancelInstance(cancel).cancelled


def validating(own):
    good = own.ValidateWorkflow(v1.ValidateWorkflowRequest(workflow=HELLOWORLD))
    assert (good.valid, len(good.diagnostics)) == (True, 0), good
    bad = own.ValidateWorkflow(
        v1.ValidateWorkflowRequest(
            workflow=b"id: bad\nstates:\n- id: a\n  type: noop\n  transition: b\n", file="x.yml"
        )
    )
    assert not bad.valid
    found = bad.diagnostics[0]
    assert (found.file, found.line, found.severity) == ("x.yml", 5, v1.Diagnostic.SEVERITY_ERROR)
    assert "transition 'b' does not exist" in found.message, found


def own_service(channel):
    own = v1_grpc.DirektivStub(channel)
    ended = executing(own)
    following(own, ended)
    cancelling_with_a_reason(own)
    validating(own)


def deleting(api, uid):
    assert api.DeleteWorkflow(pb.Uid(uid=uid)).uid == uid
    left = api.GetWorkflowInstances(pb.NamespacePaging(namespace="demo")).workflowInstances
    assert not any(i.id.startswith("demo/helloworld/") for i in left)
    api.DeleteNamespace(pb.Name(name="demo"))
    assert not api.GetNamespaces(pb.Paging()).namespaces


def main():
    with grpc.insecure_channel("127.0.0.1:" + sys.argv[1]) as channel:
        api = ingress_v016_pb2_grpc.DirektivIngressStub(channel)
        healthy(channel)
        namespaces(api)
        uid = workflows(api)
        instances(api, uid)
        cancelling(api)
        events(api)
        holdings(api)
        own_service(channel)
        deleting(api, uid)
    print("ok")


main()
