"""An nbdkit plugin (nbdkit-python-plugin(3)): a stick in memory that lies. Parameters: size=BYTES, lie=KIND, at=BYTE."""
import errno

API_VERSION = 2

size = 0
lie = "none"
at = 0
content = bytearray()
isDead = False


def config(key, value):
    global size, lie, at, content
    if key == "size":
        size = int(value)
        content = bytearray(b"\xff") * size
    elif key == "lie":
        lie = value
    elif key == "at":
        at = int(value)
    else:
        raise RuntimeError(f"there is no parameter {key}")


def thread_model():
    import nbdkit

    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(readonly):
    return 1


def get_size(handle):
    return size


def can_write(handle):
    return True


def can_flush(handle):
    return True


def real(offset):
    """Where a byte really lies."""
    return offset % at if lie == "wrap" else offset


def fail(code):
    import nbdkit

    nbdkit.set_error(code)
    raise OSError(code, "the stick fails")


def pread(handle, buffer, offset, flags):
    global isDead
    if isDead:
        fail(errno.EIO)
    count = len(buffer)
    for done in range(0, count, 4096):
        place = real(offset + done)
        step = min(4096, count - done)
        piece = bytes(content[place : place + step])
        if lie == "limbo" and place >= at:
            piece = bytes(step)
        buffer[done : done + step] = piece
    if lie == "flip-read" and offset <= at < offset + count:
        buffer[at - offset] ^= 4


def pwrite(handle, buffer, offset, flags):
    global isDead
    hits = offset <= at < offset + len(buffer)
    if lie == "die" and hits:
        isDead = True
    if isDead or (lie == "write-error" and hits):
        fail(errno.EIO)
    if lie == "no-space" and hits:
        fail(errno.ENOSPC)
    data = bytearray(buffer)
    if lie == "flip" and hits:
        data[at - offset] ^= 4
    for done in range(0, len(data), 4096):
        place = real(offset + done)
        if lie == "limbo" and place >= at:
            continue
        if lie == "drop" and place <= at < place + 4096:
            continue
        piece = data[done : done + 4096]
        content[place : place + len(piece)] = piece


def flush(handle, flags):
    if isDead or lie == "flush-error":
        fail(errno.EIO)
