"""The decoder's inner loops, for numba: arrays in, arrays out, no Python objects, no GIL.

A lattice is what composition makes of a grammar and a text: nodes are (state, position) in the order met, node 0 the
start; edges of node n are `edge_start[n]:edge_start[n + 1]` in the grammar's arc order. Importing this module imports
numba (0.5 s); each function is compiled when it is first called, or read from numba's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np

from campaign.speech.nemo.transducer import END, Bytes, Flags, Ids, MaskIds, Weights

P = ParamSpec("P")
R = TypeVar("R")

Integer = int | np.signedinteger[Any]

NO_PATH = -1
"""No path reads the text."""
NO_ROOM = -2
"""The lattice is larger than `found`."""
SAME = np.float32(1e-6)
"""OpenFst's `kShortestDelta`: a distance is not improved by less than this when epsilons are removed."""


try:
    from numba import njit as _njit

    _jit: Callable[..., Any] | None = _njit
    _PROBLEM = ""
except (ImportError, OSError) as missing:  # a broken LLVM is an OSError
    _jit = None
    _PROBLEM = f"numba cannot be loaded: {missing}"


def slow_because() -> str | None:
    """Why the decoder runs as plain Python, some hundred times slower; None where it is machine code."""
    if _PROBLEM:
        return _PROBLEM
    if not hasattr(lattice, "signatures"):
        return "numba is switched off (NUMBA_DISABLE_JIT)"
    return None


def _compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Machine code, kept in numba's cache where numba finds a folder that it may write to."""
    if _jit is None:
        return function
    try:
        code: Callable[P, R] = _jit(nogil=True, cache=True)(function)
    except RuntimeError:  # no such folder: compiled again in every process
        code = _jit(nogil=True)(function)
    return code


@_compiled
def _first_arc(arc_in: Bytes, low: Integer, high: Integer, byte: Integer) -> Integer:
    """The first of a state's arcs that reads `byte` or more; arcs ascend by what they read."""
    while low < high:
        middle = (low + high) >> 1
        if arc_in[middle] < byte:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def compose(
    start: int,
    arc_start: Ids,
    quiet_end: Ids,
    arc_in: Bytes,
    arc_target: Ids,
    arc_mask: MaskIds,
    can_read: Flags,
    text: Bytes,
    here: Ids,
    ahead: Ids,
    workspace: Ids,
) -> tuple[int, int, int, int]:
    """(first node at the text's end or why not, nodes, edges that read nothing, edges that read a byte).

    Fills the rows of `workspace`, int32 (7, room): state of a node; quiet and loud edges up to and with a node; node
    and arc of the quiet edges; node and arc of the loud ones. They are kept apart because a node's quiet edges are met
    while its position is closed under epsilon, its loud ones afterwards. `here` and `ahead` map states to nodes of
    this position and the next: all -1 before and after.
    """
    node_state, quiets_with, louds_with = workspace[0], workspace[1], workspace[2]
    quiet_node, quiet_arc, loud_node, loud_arc = workspace[3], workspace[4], workspace[5], workspace[6]
    room = workspace.shape[1] - 1
    size = len(text)
    quiets, louds, layer, nodes = 0, 0, 0, 1
    byte = np.int64(text[0]) if size > 0 else np.int64(END)
    node_state[0] = start
    here[start] = 0
    for position in range(size + 1):
        row = can_read[byte]
        node = layer
        while node < nodes:
            state = node_state[node]
            if room - max(nodes, quiets, louds) < arc_start[state + 1] - arc_start[state]:
                for k in range(nodes):
                    here[node_state[k]] = -1
                    ahead[node_state[k]] = -1
                return NO_ROOM, nodes, quiets, louds
            for arc in range(arc_start[state], quiet_end[state]):
                if row[arc_mask[arc]]:
                    target = arc_target[arc]
                    if here[target] < 0:
                        node_state[nodes] = target
                        here[target] = nodes
                        nodes += 1
                    quiet_node[quiets] = here[target]
                    quiet_arc[quiets] = arc
                    quiets += 1
            quiets_with[node] = quiets
            node += 1
        closed = nodes
        following = np.int64(text[position + 1]) if position + 1 < size else np.int64(END)
        row = can_read[following]
        for node in range(layer, closed):
            state = node_state[node]
            here[state] = -1
            if position < size and room - max(nodes, louds) >= arc_start[state + 1] - quiet_end[state]:
                end = arc_start[state + 1]
                loud = _first_arc(arc_in, quiet_end[state], end, byte)
                while loud < end and arc_in[loud] == byte:
                    if row[arc_mask[loud]]:
                        target = arc_target[loud]
                        if ahead[target] < 0:
                            node_state[nodes] = target
                            ahead[target] = nodes
                            nodes += 1
                        loud_node[louds] = ahead[target]
                        loud_arc[louds] = loud
                        louds += 1
                    loud += 1
            elif position < size:
                for k in range(nodes):
                    here[node_state[k]] = -1
                    ahead[node_state[k]] = -1
                return NO_ROOM, nodes, quiets, louds
            louds_with[node] = louds
        if position < size:
            if closed == nodes:
                return NO_PATH, nodes, quiets, louds
            layer = closed
            byte = following
            here, ahead = ahead, here
    return layer, nodes, quiets, louds


@_compiled
def in_arc_order(nodes: int, edges: int, workspace: Ids) -> tuple[Ids, Ids, Ids]:
    """(edge_start, edge_node, edge_arc): the quiet edges of each node, then its loud ones; epsilon arcs sort first."""
    edge_start = np.empty(nodes + 1, np.int32)
    edge_node, edge_arc = np.empty(edges, np.int32), np.empty(edges, np.int32)
    quiet, loud, edge = 0, 0, 0
    for node in range(nodes):
        edge_start[node] = edge
        while quiet < workspace[1, node]:
            edge_node[edge], edge_arc[edge] = workspace[3, quiet], workspace[4, quiet]
            quiet += 1
            edge += 1
        while loud < workspace[2, node]:
            edge_node[edge], edge_arc[edge] = workspace[5, loud], workspace[6, loud]
            loud += 1
            edge += 1
    edge_start[nodes] = edge
    return edge_start, edge_node, edge_arc


@_compiled
def finishing_order(edge_start: Ids, edge_end: Ids, edge_node: Ids, final: Weights) -> tuple[Ids, Flags]:
    """(nodes from which the text can end, in the order in which a depth-first walk from node 0 leaves them; which).

    Its reverse is OpenFst's topological order. Nodes that cannot end are met on the way and left out: they lead to no
    node that can, so the order of the others is the same as if they were not there.
    """
    nodes = len(final)
    useful = final < np.inf
    visited = np.zeros(nodes, np.bool_)
    following = edge_start[:nodes].copy()
    finished = np.empty(nodes, np.int32)
    stack = np.empty(nodes, np.int32)
    finishes, depth = 0, 1
    stack[0] = 0
    visited[0] = True
    while depth > 0:
        node = stack[depth - 1]
        if following[node] < edge_end[node]:
            child = edge_node[following[node]]
            following[node] += 1
            if not visited[child]:
                visited[child] = True
                stack[depth] = child
                depth += 1
            elif useful[child]:
                useful[node] = True
        else:
            depth -= 1
            if useful[node]:
                finished[finishes] = node
                finishes += 1
                if depth > 0:
                    useful[stack[depth - 1]] = True
    return finished[:finishes], useful & visited


@_compiled
def cheapest(
    finished: Ids,
    useful: Flags,
    edge_start: Ids,
    edge_end: Ids,
    edge_node: Ids,
    edge_out: Bytes,
    edge_weight: Weights,
    final: Weights,
) -> Bytes:
    """What the cheapest path writes: float32 sums in topological order, an equal cost later on changes nothing."""
    cost = np.full(len(final), np.inf, np.float32)
    parent = np.full(len(final), -1, np.int32)
    by = np.zeros(len(final), np.uint8)
    cost[0] = np.float32(0)
    best = np.float32(np.inf)
    last = 0
    for rank in range(len(finished) - 1, -1, -1):
        node = finished[rank]
        total = np.float32(cost[node] + final[node])
        if total < best:
            best = total
            last = node
        for edge in range(edge_start[node], edge_end[node]):
            child = edge_node[edge]
            if useful[child]:
                total = np.float32(cost[node] + edge_weight[edge])
                if total < cost[child]:
                    cost[child] = total
                    parent[child] = node
                    by[child] = edge_out[edge]
    length = 0
    node = last
    while node != 0:
        length += 1 if by[node] != 0 else 0
        node = parent[node]
    written = np.empty(length, np.uint8)
    node = last
    while node != 0:
        if by[node] != 0:
            length -= 1
            written[length] = by[node]
        node = parent[node]
    return written


@_compiled
def _twice(node: Ids, out: Bytes, weight: Weights) -> tuple[Ids, Bytes, Weights]:
    """The same edges with as much room again. By hand: numba compiles a loop ten times faster than `concatenate`."""
    size = len(node)
    new_node = np.empty(2 * size + 1, np.int32)
    new_out = np.empty(2 * size + 1, np.uint8)
    new_weight = np.empty(2 * size + 1, np.float32)
    for edge in range(size):
        new_node[edge], new_out[edge], new_weight[edge] = node[edge], out[edge], weight[edge]
    return new_node, new_out, new_weight


@_compiled
def without_silent_edges(
    finished: Ids,
    useful: Flags,
    edge_start: Ids,
    edge_end: Ids,
    edge_node: Ids,
    edge_out: Bytes,
    edge_weight: Weights,
    final: Weights,
) -> tuple[Ids, Ids, Ids, Bytes, Weights]:
    """OpenFst's `RmEpsilon` with its orders: returns new (start, end, node, out, weight); `final` changes in place.

    Nodes are expanded after their successors. An expansion takes the shortest distances over silent edges, then
    gathers the other edges of all nodes so reached with a stack, merges equal ones, and keeps them in reverse. Nodes
    that only silent edges enter are not expanded.
    """
    nodes = len(final)
    entered = np.zeros(nodes, np.bool_)
    entered[0] = True
    rank = np.zeros(nodes, np.int32)
    for place in range(len(finished)):
        rank[finished[place]] = place
        for edge in range(edge_start[finished[place]], edge_end[finished[place]]):
            if edge_out[edge] != 0:
                entered[edge_node[edge]] = True
    new_start, new_end = edge_start[:nodes].copy(), edge_end[:nodes].copy()
    pool = len(edge_node)
    new_node, new_out, new_weight = _twice(edge_node, edge_out, edge_weight)
    distance = np.full(nodes, np.inf, np.float32)
    state = np.zeros(nodes, np.int8)  # 1: reached by silent edges, 2: distance settled, 3: gathered
    closure = np.empty(nodes, np.int32)
    stack = np.empty(nodes + len(edge_node), np.int32)
    for place in range(len(finished)):
        source = finished[place]
        if not entered[source]:
            continue
        # shortest distances, in topological order
        reached = 1
        closure[0] = source
        distance[source] = np.float32(0)
        state[source] = 1
        while True:
            node = -1
            for k in range(reached):
                if state[closure[k]] == 1 and (node < 0 or rank[closure[k]] > rank[node]):
                    node = closure[k]
            if node < 0:
                break
            state[node] = 2
            for edge in range(new_start[node], new_end[node]):
                child = new_node[edge]
                if new_out[edge] == 0 and useful[child]:
                    total = np.float32(distance[node] + new_weight[edge])
                    lower = min(distance[child], total)
                    if not (distance[child] <= lower + SAME and lower <= distance[child] + SAME):
                        distance[child] = lower
                    if state[child] == 0:
                        state[child] = 1
                        closure[reached] = child
                        reached += 1
        # gather
        first = pool
        ending = np.float32(np.inf)
        depth = 1
        stack[0] = source
        while depth > 0:
            depth -= 1
            node = stack[depth]
            if state[node] == 3:
                continue
            state[node] = 3
            for edge in range(new_start[node], new_end[node]):
                child = new_node[edge]
                if not useful[child]:
                    continue
                if new_out[edge] == 0:
                    if state[child] != 3:
                        stack[depth] = child
                        depth += 1
                    continue
                total = np.float32(distance[node] + new_weight[edge])
                twin = first
                while twin < pool and not (new_node[twin] == child and new_out[twin] == new_out[edge]):
                    twin += 1
                if twin < pool:
                    new_weight[twin] = min(new_weight[twin], total)
                    continue
                if pool == len(new_node):
                    new_node, new_out, new_weight = _twice(new_node, new_out, new_weight)
                new_node[pool], new_out[pool], new_weight[pool] = child, new_out[edge], total
                pool += 1
            ending = min(ending, np.float32(distance[node] + final[node]))
        for k in range(reached):
            state[closure[k]] = 0
            distance[closure[k]] = np.inf
        final[source] = ending
        new_start[source], new_end[source] = first, pool
        low, high = first, pool - 1
        while low < high:
            new_node[low], new_node[high] = new_node[high], new_node[low]
            new_out[low], new_out[high] = new_out[high], new_out[low]
            new_weight[low], new_weight[high] = new_weight[high], new_weight[low]
            low += 1
            high -= 1
    return new_start, new_end, new_node, new_out, new_weight


@_compiled
def lattice(
    start: int,
    arc_start: Ids,
    quiet_end: Ids,
    arc_in: Bytes,
    arc_out: Bytes,
    arc_weight: Bytes,
    arc_target: Ids,
    arc_mask: MaskIds,
    can_read: Flags,
    weights: Weights,
    final_weight: Weights,
    text: Bytes,
    here: Ids,
    ahead: Ids,
    workspace: Ids,
) -> tuple[int, Ids, Ids, Bytes, Weights, Weights]:
    """(0, NO_PATH or NO_ROOM; edge_start, edge_node, edge_out, edge_weight; cost of ending at each node)."""
    layer, nodes, quiets, louds = compose(
        start, arc_start, quiet_end, arc_in, arc_target, arc_mask, can_read, text, here, ahead, workspace
    )
    if layer < 0:
        nodes, quiets, louds = 0, 0, 0
    edge_start, edge_node, edge_arc = in_arc_order(nodes, quiets + louds, workspace)
    final = np.full(nodes, np.inf, np.float32)
    for node in range(max(layer, 0), nodes):
        final[node] = final_weight[workspace[0, node]]
    edge_out = np.empty(len(edge_arc), np.uint8)
    edge_weight = np.empty(len(edge_arc), np.float32)
    for edge in range(len(edge_arc)):
        edge_out[edge] = arc_out[edge_arc[edge]]
        edge_weight[edge] = weights[arc_weight[edge_arc[edge]]]
    return min(layer, 0), edge_start, edge_node, edge_out, edge_weight, final


@_compiled
def best_path(
    edge_start: Ids, edge_node: Ids, edge_out: Bytes, edge_weight: Weights, final: Weights
) -> tuple[int, Bytes]:
    """(0 or NO_PATH, what the best path through a lattice writes)."""
    edge_end = edge_start[1:]
    finished, useful = finishing_order(edge_start, edge_end, edge_node, final)
    if not useful[0]:
        return NO_PATH, np.empty(0, np.uint8)
    return 0, cheapest(finished, useful, edge_start, edge_end, edge_node, edge_out, edge_weight, final)


@_compiled
def best_rewrite(
    edge_start: Ids, edge_node: Ids, edge_out: Bytes, edge_weight: Weights, final: Weights
) -> tuple[int, Bytes]:
    """The same after edges that write nothing have been removed, as pynini's `top_rewrite` does it: the same paths at
    the same costs, but sums and ties in another order."""
    edge_end = edge_start[1:]
    finished, useful = finishing_order(edge_start, edge_end, edge_node, final)
    if not useful[0]:
        return NO_PATH, np.empty(0, np.uint8)
    loud_start, loud_end, loud_node, loud_out, loud_weight = without_silent_edges(
        finished, useful, edge_start, edge_end, edge_node, edge_out, edge_weight, final
    )
    finished, useful = finishing_order(loud_start, loud_end, loud_node, final)
    return 0, cheapest(finished, useful, loud_start, loud_end, loud_node, loud_out, loud_weight, final)
