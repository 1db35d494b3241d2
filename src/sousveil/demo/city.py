"""The invented city: its districts, streets, lists, trades and the words of its clerks. Only data."""

from __future__ import annotations

CITY = "澜川市"
BUREAU = "澜川市公安局"
REGION = "9901"
"""Region codes of identity numbers begin with 99, which no province of China has."""

DISTRICTS = (
    "东澜区", "西澜区", "望潮区", "青塔区", "石桥区", "云门区", "新埠区", "沙渚区", "北屏区",
    "鹤汀区", "梅岭县", "渡口县",
)  # fmt: skip

STREETS = (
    "望澜路", "青塔大街", "石桥东路", "鹤汀路", "云门北街", "新埠大道", "沙渚巷", "北屏路",
    "梅岭街", "渡口路", "灯塔路", "船坞街",
    "盐仓巷", "丝行街", "钟楼路", "柳堤路", "听潮街", "观星路", "银杏大道", "桂香巷", "竹桥路",
    "槐荫街", "月湖路", "长汀街",
)  # fmt: skip

ESTATES = (
    "潮声苑",
    "青塔花园",
    "云门新村",
    "鹤汀小区",
    "银杏里",
    "月湖公寓",
    "石桥坊",
    "渡口家园",
    "听潮阁",
    "竹桥苑",
)

HOMES = (
    "澜川市东澜区", "澜川市梅岭县", "岭西省雾州市", "岭西省松原府", "沧南省白鹭市", "沧南省盐亭县",
    "朔北省雁门府", "朔北省寒泉县",
    "天漠自治区玉泉县", "天漠自治区石河府", "江右省临溪县", "江右省双塔市",
)  # fmt: skip

STATIONS = tuple(f"{street[:2]}派出所" for street in STREETS)

CHECKPOINTS = tuple(
    f"{name}检查站" for name in (
        "东渡大桥", "西澜隧道", "望潮高速口", "青塔收费站", "石桥南", "云门关", "新埠港",
        "沙渚轮渡", "北屏岭", "鹤汀桥",
        "梅岭东", "梅岭西", "渡口北", "澜川客运总站", "澜川南站", "银杏大道口", "月湖东", "长汀口",
        "盐仓桥", "灯塔路口",
    )
)  # fmt: skip

AIRPORT = "澜川国际机场"
PORTS = (AIRPORT, "澜川港客运码头", "渡口口岸", "雁门铁路口岸")
PORT_SHARES = (0.78, 0.12, 0.06, 0.04)
FLIGHT_LETTERS = ("QX", "QZ", "XQ", "ZX")

LISTS = (
    "涉恐人员",
    "涉稳人员",
    "涉毒人员",
    "在逃人员",
    "刑事犯罪前科人员",
    "肇事肇祸精神病人",
    "重点上访人员",
)
LIST_SHARES = (0.31, 0.09, 0.22, 0.04, 0.16, 0.06, 0.12)
OTHER_LIST = "其他关注人员"

ETHNIC = (
    "汉族",
    "维吾尔族",
    "回族",
    "哈萨克族",
    "藏族",
    "蒙古族",
    "壮族",
    "满族",
    "塔吉克族",
    "乌孜别克族",
    "鄂伦春族",
    "赫哲族",
)
ETHNIC_SHARES = (
    0.8185, 0.12, 0.028, 0.009, 0.006, 0.006, 0.006, 0.006, 0.0002, 0.0001, 0.0001, 0.0001,
)  # fmt: skip
UYGHUR = 1

CALLS = (
    "盗窃",
    "诈骗",
    "交通事故",
    "纠纷",
    "打架斗殴",
    "噪音扰民",
    "求助",
    "走失",
    "非法聚集",
    "举报",
    "骚扰",
    "其他警情",
)
CALL_SHARES = (0.14, 0.11, 0.2, 0.16, 0.06, 0.08, 0.12, 0.02, 0.01, 0.03, 0.02, 0.05)
CALL_GRADES = ("一级", "二级", "三级", "四级")
CALL_RESULTS = ("现场调解", "移交派出所", "立案", "无需处理", "转其他部门", "已出警")
CALL_STORIES = (
    "称在{0}被人跟踪,要求出警",
    "称家中财物被盗\n损失约{1}元,现场无人受伤",
    "称与邻居发生争执,对方称\"再来一次就动手\"",
    "称车辆被剐蹭,对方离开现场\n车辆停在{0}",
    "称接到冒充客服的电话,转账{1}元",
    "称楼上噪音扰民,已持续{2}天",
    "称老人走失,最后出现在{0}附近",
    "称有人散发传单",
    "称手机被抢,\"黑色上衣,向{0}方向跑\"",
    "称店内顾客拒绝付款{1}元;已调解",
)  # fmt: skip

BRANDS = ("腾岳", "白鹭", "飞梭", "海棠", "远程", "凌霄", "麒麟", "北斗星", "金帆", "长风")
COLOURS = ("白", "黑", "银", "灰", "蓝", "红", "棕", "黄")
PLATE_COLOURS = ("蓝牌", "黄牌", "绿牌", "黑牌")
VEHICLE_KINDS = ("小型轿车", "小型客车", "中型客车", "大型客车", "轻型货车", "重型货车", "摩托车")
VEHICLE_USES = ("非营运", "出租客运", "货运", "公路客运", "危化品运输", "租赁", "公务")
GPS_OWNERS = ("澜川公交集团", "澜川出租车公司", "澜川危运物流", "澜川环卫处", "澜川市公安局", "新埠港务集团")

TRADES = ("精化", "燃气", "石油", "油漆", "氯碱", "农药", "气体", "树脂", "电镀", "烟花", "制药", "电池")
MARKS = (
    "澜泰", "青塔", "恒沙", "云门", "鹤鸣", "北屏", "金渚", "梅岭", "盛潮", "宏渡", "新埠", "远汀",
    "瑞桥", "银杏", "月湖", "长汀",
)  # fmt: skip
OWNERSHIPS = ("国有", "民营", "集体", "外商独资", "中外合资", "港澳台资")
FOREIGN_OWNED = ("外商独资", "中外合资", "港澳台资")
MATERIALS = ("易燃液体", "压缩气体", "爆炸品", "剧毒化学品", "腐蚀品", "氧化剂", "放射性物品")
POSTS = ("操作工", "押运员", "驾驶员", "仓库保管员", "安全员", "技术员", "装卸工")
INFORMANT_KINDS = ("治安耳目", "刑事特情", "社区信息员", "单位信息员", "网络信息员")

JOBS = ("务工", "经商", "服务业", "学生", "建筑工", "快递", "保洁", "无业", "家政", "厨师")
STAY_REASONS = ("务工", "经商", "就学", "投靠亲友", "就医", "其他")
CAFES = tuple(f"{mark}网吧" for mark in MARKS)
HOTELS = (
    "Lanchuan Grand Hotel", "Harbour View Inn", "Crane Island Resort", "Ginkgo Avenue Hotel",
    "Moon Lake Lodge",
    "Old Dock Hostel", "Salt Store Hotel", "Airport Transit Hotel", "Silk Street Residence",
    "Lighthouse Motel",
)  # fmt: skip
PURPOSES = ("business", "tourism", "study", "family visit", "work", "journalist", "transit")
PURPOSE_SHARES = (0.36, 0.33, 0.08, 0.09, 0.1, 0.01, 0.03)
PURPOSES_ZH = ("商务", "旅游", "学习", "探亲", "就业", "记者", "过境")
REMARKS = (
    "已核实", "需复核", "见附件\\旧档案\\2016", "本人称\"不知情\"", "O'Neil 案关联",
    "第1页\n共2页", "转 #3 组;待办", "100%确认",
)  # fmt: skip
NOTHING = ("", "无", "NULL", "-")
"""The ways in which clerks write that there is nothing."""

NATIONS = (
    ("USA", "美国", "United States", 640), ("JPN", "日本", "Japan", 560), ("KOR", "韩国", "South Korea", 540),
    ("NZL", "新西兰", "New Zealand", 430), ("DEU", "德国", "Germany", 300),
    ("GBR", "英国", "United Kingdom", 290),
    ("FRA", "法国", "France", 240), ("RUS", "俄罗斯", "Russia", 230), ("IND", "印度", "India", 190),
    ("SGP", "新加坡", "Singapore", 170), ("MYS", "马来西亚", "Malaysia", 150),
    ("CAN", "加拿大", "Canada", 150),
    ("THA", "泰国", "Thailand", 120), ("ITA", "意大利", "Italy", 110), ("TUR", "土耳其", "Turkey", 100),
    ("KAZ", "哈萨克斯坦", "Kazakhstan", 95), ("PAK", "巴基斯坦", "Pakistan", 90),
    ("VNM", "越南", "Vietnam", 80),
    ("NLD", "荷兰", "Netherlands", 70), ("ESP", "西班牙", "Spain", 70), ("BRA", "巴西", "Brazil", 60),
    ("SWE", "瑞典", "Sweden", 50), ("UKR", "乌克兰", "Ukraine", 45), ("EGY", "埃及", "Egypt", 40),
    ("ZAF", "南非", "South Africa", 35), ("POL", "波兰", "Poland", 30), ("NGA", "尼日利亚", "Nigeria", 25),
    ("MEX", "墨西哥", "Mexico", 22), ("NOR", "挪威", "Norway", 20), ("IRN", "伊朗", "Iran", 18),
)  # fmt: skip
"""ISO 3166 alpha-3 code, Chinese name, English name, how many of 5,000."""

RARE_NATIONS = (
    ("ISL", "冰岛", "Iceland", 9), ("PER", "秘鲁", "Peru", 7), ("LUX", "卢森堡", "Luxembourg", 5),
    ("MLT", "马耳他", "Malta", 4), ("URY", "乌拉圭", "Uruguay", 2), ("FJI", "斐济", "Fiji", 2),
    ("BTN", "不丹", "Bhutan", 1),
)  # fmt: skip
"""Nationalities with fewer than ten people, whatever the size of the dump."""

HOME_NATION = ("CHN", "中国", "China", 0)
FLAGGED_NATION = "NZL"
FLAGS = ("正常", "关注", "预警")
