"""Faults between a person, a phone and the server: requests, sessions, sync, uploads, photos.

Alphabetical by subject, then by code.
"""

from typing import Final

from domain.fault_spec import FaultSpec as F

EXCHANGE_FAULTS: Final[tuple[F, ...]] = (
    # access
    F("access.denied", 403, "您没有办理此项操作的权限。", "You are not allowed to do this."),
    F(
        "access.other_jurisdiction",
        404,
        "未找到所请求的内容。",
        "What you asked for was not found.",
    ),
    # account
    F(
        "account.bad_name",
        422,
        "账号须为 2 至 64 个字符，不含空格。",
        "An account is 2 to 64 characters without blanks.",
    ),
    F("account.exists", 409, "账号“{account}”已存在。", "The account “{account}” already exists."),
    F(
        "account.own",
        409,
        "不能停用本人的账号，也不能取消本人的管理员角色，请由另一名管理员办理。",
        "Nobody closes their own account or stops being administrator; ask another one.",
    ),
    F(
        "account.password_weak",
        422,
        "密码至少 {length} 位，且不得与账号相同。",
        "The password needs at least {length} characters and must differ from the account.",
    ),
    F(
        "account.password_wrong",
        403,
        "密码不正确，或输错次数过多暂时不能验证。",
        "The password is wrong, or was wrong too often and cannot be checked for a while.",
    ),
    F("account.unknown", 404, "未找到该账号。", "The account was not found."),
    # operations
    F(
        "op.bad_entity",
        422,
        "记录所指的对象“{entity}”与记录类型“{kind}”不符。",
        "The entity “{entity}” does not fit an operation of kind “{kind}”.",
    ),
    F(
        "op.fraction",
        422,
        "字段“{field}”中的数字须为整数，小数请以文字传送。",
        "Numbers in “{field}” must be integers; send decimals as text.",
    ),
    F(
        "op.group_broken",
        422,
        "同组记录须同时成立，组内另有记录未被接受。",
        "Operations of a group stand or fall together; another one of the group was refused.",
    ),
    F(
        "op.id_reuse",
        409,
        "记录编号已用于内容不同的另一条记录。",
        "This operation id was already used for other content.",
    ),
    F(
        "op.unknown_entity",
        422,
        "检查表中没有“{entity}”。",
        "There is no “{entity}” in this inspection.",
    ),
    F(
        "op.unknown_kind",
        422,
        "不认识的记录类型“{kind}”（第 {v} 版）。",
        "Unknown operation kind “{kind}” (version {v}).",
    ),
    F(
        "op.unreadable",
        422,
        "记录内容无法读取，原文已留存。",
        "The operation cannot be read; its content has been kept.",
    ),
    # photos
    F(
        "photo.hash_mismatch",
        460,
        "照片校验不一致，本次传输作废，请重新上传。",
        "The picture does not match its hash; this transfer is discarded, please send it again.",
    ),
    F(
        "photo.not_a_picture",
        422,
        "上传的文件不是可识别的图片。",
        "The file is not a picture we can read.",
    ),
    F(
        "photo.not_declared",
        409,
        "未登记该照片，不能接收文件。",
        "No operation has declared this picture.",
    ),
    F("photo.not_found", 404, "未找到该照片。", "The picture was not found."),
    F(
        "photo.too_large",
        422,
        "照片超过 {megapixels} 百万像素，请降低分辨率后重拍。",
        "The picture has more than {megapixels} megapixels; take it at a lower resolution.",
    ),
    F(
        "photo.too_many_bytes",
        413,
        "照片文件超过 {max_bytes} 字节。",
        "The picture is larger than {max_bytes} bytes.",
    ),
    # reasons
    F(
        "reason.too_long",
        422,
        "最多填写 {max} 字，现有 {length} 字，请删减后重新提交。",
        "At most {max} characters; this text has {length}. Shorten it and send it again.",
    ),
    # requests
    F(
        "request.bad_parameter",
        400,
        "参数“{field}”的取值不正确。",
        "The value of the parameter “{field}” is not valid.",
    ),
    F(
        "request.conflict",
        409,
        "内容已被他人修改，请刷新后再办。",
        "The content was changed by somebody else; reload and try again.",
    ),
    F(
        "request.csrf",
        400,
        "页面已过期，请刷新后重新提交。",
        "The page has expired; reload it and submit again.",
    ),
    F(
        "request.method_not_allowed",
        405,
        "该地址不支持此种请求方式。",
        "This address does not accept that method.",
    ),
    F(
        "request.cut",
        400,
        "提交的内容没有传完，未作处理，请重新提交。",
        "The request did not arrive whole; nothing was done with it, send it again.",
    ),
    F("request.missing_field", 400, "缺少必填字段“{field}”。", "The field “{field}” is missing."),
    F("request.not_found", 404, "未找到所请求的内容。", "What you asked for was not found."),
    F("request.not_json", 400, "请求内容不是有效的 JSON。", "The request body is not valid JSON."),
    F(
        "request.stalled",
        408,
        "传输中断过久，未作处理，请重新提交。",
        "The request stopped arriving; nothing was done with it, send it again.",
    ),
    F(
        "request.throttled",
        429,
        "操作过于频繁，请稍后再试。",
        "Too many requests; try again later.",
    ),
    F("request.too_large", 413, "提交的内容过大。", "The request is too large."),
    F("request.unknown_field", 400, "不认识的字段“{field}”。", "Unknown field “{field}”."),
    F("request.wrong_media_type", 415, "不支持的内容类型。", "This content type is not supported."),
    F(
        "request.wrong_type",
        400,
        "字段“{field}”的类型不正确。",
        "The field “{field}” has the wrong type.",
    ),
    # server
    F(
        "server.busy",
        503,
        "系统繁忙，请稍后再试，已填内容不会丢失。",
        "The server is busy; try again later, nothing you filled in is lost.",
    ),
    F(
        "server.error",
        500,
        "系统出错，已记录（编号 {incident}），请联系管理员。",
        "Something failed on our side (incident {incident}); please contact the administrator.",
    ),
    # session
    F(
        "session.confirm_required",
        401,
        "此项操作须重新输入密码确认身份。",
        "Please confirm who you are by entering your password again.",
    ),
    F(
        "session.expired",
        401,
        "登录已过期，请重新登录。",
        "Your session has expired; please sign in again.",
    ),
    # One wording for wrong password, throttled and locked: the answer must not tell which (§13.2).
    F(
        "session.refused",
        401,
        "账号或密码不正确，或暂时不能登录。",
        "The account or password is wrong, or signing in is not possible at the moment.",
    ),
    F("session.required", 401, "请先登录。", "Please sign in first."),
    # sync
    F(
        "sync.epoch_changed",
        409,
        "服务器数据已恢复至备份，手机将重新核对全部内容。",
        "The server was restored from a backup; the phone will check everything again.",
    ),
    F(
        "sync.sequence_gap",
        409,
        "记录序号不连续，应从 {expect} 开始补传。",
        "Operations are missing; send again from number {expect}.",
    ),
    F(
        "sync.too_many_ops",
        413,
        "一次上传的记录过多，请减半后再传。",
        "Too many operations in one push; send half of them.",
    ),
    F(
        "sync.upgrade_required",
        426,
        "应用版本过旧，请更新后继续，待传内容已保留。",
        "The app is too old; update it, the queue is kept.",
    ),
    # uploads
    F("upload.already_complete", 409, "该文件已上传完毕。", "This upload is already complete."),
    F(
        "upload.checksum",
        460,
        "分片校验不一致，请重传该分片。",
        "The chunk does not match its checksum; send it again.",
    ),
    F("upload.expired", 410, "上传已过期，请重新开始。", "The upload has expired; start again."),
    F(
        "upload.locked",
        423,
        "该文件正在由另一连接上传，请稍候。",
        "Another connection is writing this upload; please wait.",
    ),
    F(
        "upload.malformed",
        400,
        "上传请求的头信息不正确：{field}。",
        "The upload header {field} is not valid.",
    ),
    F(
        "upload.no_space",
        507,
        "服务器存储空间不足，已收到的部分保留，请稍后继续。",
        "The server has no room left; what arrived is kept, please continue later.",
    ),
    F(
        "upload.not_found",
        404,
        "未找到该上传任务，请重新开始。",
        "The upload was not found; start again.",
    ),
    F(
        "upload.offset",
        409,
        "上传位置不一致，应从第 {expect} 字节继续。",
        "The offset does not match; continue from byte {expect}.",
    ),
    F(
        "upload.version",
        412,
        "不支持的上传协议版本。",
        "This version of the upload protocol is not supported.",
    ),
)
