"""Chinese surnames: what a name of two to four characters begins with.

The list holds the common surnames of the household registers and of the *Hundred Family Surnames*; together
they cover more than 99 % of people. `COMMON` are the most frequent hundred, some 85 % of people.
"""

COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范"
    "汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹雷段郝孔龙黎史陶贺毛顾龚邵万覃武钱严洪肖"
)
OTHERS = (
    "赖莫常温康施葛樊兰殷庞章牛鲁俞安岳翟申齐倪伍耿焦左聂祝柳辛喻童梅纪柴曲盛路尚房霍涂柯卫季骆鲍古関关毕卓甘包靳符谷欧冉"
    "裴舒詹蒙苗麦乔阮宁柏解凌苑艾娄霍岑邢娜管祁付明时费边单瞿蓝姬闵桂桑党宫席游佟阳代冷应隋向卜于褚巩臧车项屈冀鞠门原司全"
    "和楚晏燕巴晁敬仇池邬计成谈茅荆支昝咎稽刁滕荣翁羊惠甄加封芮羿储汲邴糜井富巫乌巴弓牧隗山谷车侯宓蓬郗班仰秋仲伊宫栾暴"
    "厉戎祖束幸司韶郜黎蓟薄印宿怀蒲台从鄂索咸籍卓蔺屠池胥能苍双闻莘翟贡劳逄姬扶堵冉宰郦雍却璩桑濮寿通扈冀郏浦农别庄晏瞿"
    "阎充慕连茹习宦鱼容慎戈庾终暨居衡步都满弘匡国文寇广禄阙东殴殳沃利蔚越夔隆师巩厍聂晁勾敖融訾辛阚那简饶空曾毋沙乜养须丰"
    "巢蒯相查后荆红竺权逯盖益桓公买提热阿艾吐努玛帕古木萨哈依库托达祖克再斯"
)
TRADITIONAL = "張劉陳楊黃趙吳孫馬羅鄭謝許鄧馮韓蕭蔣蘇呂盧鐘譚陸賈韋鄒閻龔萬錢嚴顧龍賀藍關歐莊葉鄔聶齊喬"
COMPOUND = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 长孙 宇文 端木 百里 呼延 南宫 "
    "独孤 轩辕 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 司寇 拓跋 歐陽 諸葛"
)

FIRST = "".join(dict.fromkeys(COMMON + OTHERS + TRADITIONAL))
"""Every character that a name may begin with."""
