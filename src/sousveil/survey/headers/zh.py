"""Chinese words for what a column holds, by type. Simplified; traditional forms where they differ often."""

WORDS = {
    "person_name": (
        "姓名 名字 人名 中文名 英文名 外文名 曾用名 别名 绰号 姓 名 英文姓 户主 联系人 报警人 负责人 法人 "
        "法定代表人 嫌疑人 当事人 申请人 申请人姓名 持证人 持卡人 车主 驾驶人 机主 父亲 母亲 配偶 监护人 "
        "亲属 线人 信息员 旅客 乘客 中文姓名 英文姓名 外文姓名 拼音姓名 姓名拼音 "
        "收件人 寄件人 发件人 收货人 发货人 患者 病人 学生 业主 租客 房东 会员 董事长 总经理 校长 持有人"
    ),
    "sex": "性别 性別",
    "birth_date": "出生日期 出生年月日 出生年月 生日 出生时间 出生 誕生日 出生日",
    "date": (
        "日期 年月日 有效期 有效期至 截止日期 到期日 到期日期 签发日期 发证日期 起始日期 注册日期 "
        "登记日期 成立日期 入境日期 出境日期 办理日期 列入日期 采集日期"
    ),
    "datetime": (
        "时间 日期时间 时刻 时间戳 报警时间 接警时间 出警时间 过车时间 通过时间 抓拍时间 入境时间 "
        "出境时间 采集时间 更新时间 创建时间 登记时间 入库时间 录入时间 发生时间 案发时间 通话时间 "
        "定位时间 操作时间"
    ),
    "nationality": "国籍 国籍地区 国家 国别 国家地区 国籍(地区) 國籍 国家或地区 所属国家 来源国 出发国",
    "cn_resident_id": (
        "身份证 身份证号 身份证号码 公民身份号码 公民身份证号 居民身份证号 身份证件号 证件号 证件号码 "
        "身份号码 身份證號 居民身份证 公民身份证号码"
    ),
    "passport": "护照 护照号 护照号码 证件号 证件号码 護照號 旅行证件号 旅行证件号码 通行证号",
    "mrz": "机读码 机读区",
    "phone": (
        "电话 手机 手机号 手机号码 电话号码 联系电话 联系方式 移动电话 固定电话 座机 联系号码 主叫 被叫 "
        "主叫号码 被叫号码 報警電話 电话号 來電號碼 来电号码 手机号1 手机号2 报警电话 家庭电话 办公电话 "
        "本机号码"
    ),
    "email": "邮箱 电子邮箱 邮件 电子邮件 邮箱地址 电邮",
    "cn_plate": "车牌 车牌号 车牌号码 号牌 号牌号码 车号 车辆号牌 机动车号牌 机动车号牌号码 車牌",
    "cn_uscc": "统一社会信用代码 社会信用代码 信用代码 机构代码 组织机构代码",
    "bank_card": "银行卡 银行卡号 卡号 银行账号 账号 帐号",
    "imei": "设备号 手机串号 串号",
    "mac": "mac地址 物理地址 网卡地址",
    "ip": "ip地址 网络地址",
    "url": "网址 链接 网站 网页 地址链接",
    "longitude": "经度 經度 东经",
    "latitude": "纬度 緯度 北纬",
    "address": (
        "地址 住址 家庭住址 户籍地址 居住地址 现住址 详细地址 住所 户口所在地 户籍地 住所地 通讯地址 "
        "联系地址 注册地址 经营地址 籍贯 出生地 案发地 案发地点 发生地点 地点 位置 事发地 报警地址 地點 "
        "现居地"
    ),
    "organisation": (
        "公司 公司名称 企业 企业名称 单位名称 工作单位 单位 所在单位 服务处所 机构 机构名称 雇主 商户 "
        "商户名称 学校 学校名称 厂名 用人单位 组织名称"
    ),
    "flight": "航班 航班号 航次 车次 航班号码 班次",
    "category": (
        "类别 类型 种类 分类 级别 等级 状态 民族 文化程度 学历 职业 婚姻状况 婚姻 政治面貌 宗教 宗教信仰 "
        "辖区 区县 区域 地区 派出所 方向 口岸 出入境口岸 号牌种类 车辆类型 车身颜色 颜色 证件类型 "
        "证件种类 签证种类 签证类型 来源 标签 人员类别 案件类型 案件类别 警情类别 警情类型 处理结果 结果 "
        "行业 经济性质 所属行业 企业类型 交通方式 事由 来华事由 卡口 检查站 布控级别 管控级别 管控类别 "
        "关系 与户主关系 血型 省份 城市 品牌 车型 部门"
    ),
    "serial": (
        "编号 序号 案件编号 人员编号 流水号 记录号 接警编号 接警单号 警情编号 单号 档案编号 主键 设备编号 "
        "标识 唯一标识 编码 发动机号 车架号 车辆识别代号 房间号 机号 批号 设备号"
    ),
    "number": (
        "数量 年龄 次数 人数 身高 体重 速度 车速 时长 面积 得分 分数 评分 积分 职工人数 员工人数 件数 "
        "天数 方位角 温度 高度 里程 核载人数 数值 同行人数"
    ),
    "money": ("金额 价格 工资 收入 报酬 费用 注册资本 注册资金 罚款 余额 奖金 津贴 经费 单价 总价 酬金 月薪"),
    "boolean": "是否 是否在逃 是否有效 是否外资 是否删除",
    "text": (
        "备注 内容 简要案情 案情 描述 说明 摘要 情况 详情 情况说明 警情内容 报警内容 主要内容 事件描述 "
        "处理意见 简要情况 备考 经营范围 现实表现"
    ),
    "image_path": "照片 相片 图片 头像 图片路径 照片路径 抓拍图片 人脸图片 图像 图片地址 照片地址 人像",
}
PINYIN = {
    "person_name": (
        "XM ZWXM YWXM WWXM RYXM BJRXM BJR LXR LXRXM CYM YWX YWM FDDBR FRDB XINGMING CZXM HZXM FZR"
    ),
    "sex": "XB XBDM RYXB XINGBIE",
    "birth_date": "CSRQ CSNY CSSJ CSNYR SR CHUSHENGRIQI",
    "date": "RQ YXQ YXQZ DJRQ QFRQ FZRQ ZXRQ CLRQ RJRQ CJRQ LRRQ JZRQ RIQI",
    "datetime": (
        "SJ RJSJ CJSJ BJSJ JJSJ GXSJ RKSJ LRSJ GCSJ TGSJ DWSJ FSSJ DJSJ ZPSJ THSJ KSSJ JSSJ SHIJIAN LGSJ "
        "CZSJ JGSJ"
    ),
    "nationality": "GJ GJDQ GB GUOJI GJDM GJHDQ",
    "cn_resident_id": "SFZH SFZHM SFZ GMSFHM GMSFZHM ZJHM ZJH SFZJH SHENFENZHENG SFHM BJRSFZH BJRSFZ",
    "passport": "HZHM HZH HUZHAO HUZHAOHAO ZJHM ZJH LXZJHM",
    "phone": (
        "LXDH DH SJH SJHM DHHM YDDH LXFS BJDH BJRDH SHOUJI DIANHUA SHOUJIHAO ZJHM1 LXRDH SJHM1 HJHM BJHM ZJDH"
    ),
    "email": "YX DZYX DZYJ YOUXIANG",
    "cn_plate": "HPHM CPHM CPH CP CLHP JDCHPHM HP CHEPAI CHEPAIHAO",
    "cn_uscc": "TYSHXYDM SHXYDM XYDM ZZJGDM",
    "bank_card": "YHKH YHK YHZH KH ZH",
    "longitude": "JD JINGDU DLJD",
    "latitude": "WD WEIDU DLWD",
    "address": (
        "DZ ZZ JTZZ HJDZ XZZ XZDZ ZDZ JZDZ LXDZ XXDZ HJD DIZHI ZHUZHI DWDZ FSDD AFDD DD BJDZ SFDZ JTDZ ZCDZ"
    ),
    "organisation": "GSMC QYMC DWMC GZDW DW JGMC FWCS GONGSI",
    "flight": "HBH HB CC HANGBAN",
    "category": (
        "LB LX MZ WHCD ZY HYZK ZZMM ZJLX ZJZL CLLX HPZL RYLB LBMC AJLB AJLX JQLB JQLX ZT FX KA KADM JB DJ "
        "QX XQ LY SSXQ PCS QZZL XL XZQH GKJB SSHY HY QYLX JJXZ MINZU LEIXING LEIBIE ZJXY RYLX BQ CSYS YS "
        "CLJG CLYS KKMC SY GXSDW"
    ),
    "serial": "BH XH RYBH AJBH LSH JLBH JJBH JQBH JJDBH DABH ZJ BIANHAO XUHAO ZBH",
    "number": "NL SL CS RS SG TZ SD NIANLING FWJ JF ZGRS",
    "money": "JE JG GZ FY ZCZB ZCZJ JINE CHOUJIN",
    "boolean": "SFYX SFSC SFWZ SFZX",
    "text": "BZ NR JYAQ BJNR MS SM QKSM BEIZHU JQNR AQ JBQK XXNR",
    "image_path": "ZP ZPLJ TP TPLJ XP ZHAOPIAN TUPIAN TPDZ",
}
"""Initials (XM for xìng míng) and whole syllables, as Chinese databases name their columns."""
EVENT = (
    "时间 入境 出境 报警 接警 过车 通过 抓拍 发生 案发 通话 定位 经过 上机 登机 登记 采集 检查 进出 乘机 "
    "入住 到达 出发 访问 呼叫 办理"
)
EVENT_PINYIN = "RJSJ CJSJ BJSJ JJSJ GCSJ TGSJ DWSJ FSSJ ZPSJ THSJ JGSJ RJRQ SJ RZSJ KSSJ AFSJ"
NO_EVENT = (
    "出生 有效 截止 到期 签发 发证 更新 入库 创建 录入 成立 注册 失效 修改 同步 上传 出厂 购买 毕业 入职 "
    "下次 结束 离开 预计"
)
NO_EVENT_PINYIN = "CSRQ YXQ YXQZ GXSJ RKSJ LRSJ CJRQ QFRQ FZRQ CLRQ JSSJ XGSJ TBSJ CSNY"
OFFICER = (
    "民警 警员 处警 出警 接警员 接警人 值班 经办 采集人 采集员 录入人 登记人 审核 审批 操作员 操作人 "
    "管理员 责任人 填表 承办 联络员 主管 领导 辅警 所长 更新人 创建人 管段 联系民警 检查员 父亲 母亲 配偶 "
    "监护人 亲属 紧急联系人 联系人 邀请人 担保人 户主"
)
OFFICER_PINYIN = "MJXM MJ CBR CBRXM LRR CJR CJRXM JBR ZRMJ JJR JJY CZR SHR DJR GLMJ FQXM MQXM POXM"
SUBJECT = "报警人 当事人 嫌疑人 申请人 旅客 乘客 持证人 人员 本人 车主 驾驶人 线人 信息员 持卡人 机主"
LIST = "名单 人员 重点 花名册 登记册 名册 黑名单 布控 管控 线人 信息员 耳目"
