"""The clauses a setting or a public field rests on, word for word, by requirement (R-number).

Typing errors are the documents' own. Quotes are Chinese in both languages: they are law.
"""

from __future__ import annotations

from dataclasses import dataclass

YANGCHENG = "阳交字〔2024〕48号"
YANGCHENG_2021 = "阳交字〔2021〕23号"
COUNTY = "阳市双随机办（2024）2号"
QINGHE = "清交双随机办〔2024〕1号"
PINGLUO = "平罗县 2018 年跨部门抽查方案"


@dataclass(frozen=True, slots=True)
class Clause:
    """Where it stands and what it says."""

    number: str
    document: str
    quote: str


CLAUSES = {
    one.number: one
    for one in (
        Clause("R007", YANGCHENG_2021, "合理确定一般检查事项、重点检查事项以及其抽查比例"),
        Clause(
            "R015",
            YANGCHENG_2021,
            "严格按照年度随机抽查计划开展抽查，制定的年度计划、实施方案及抽查结果及时向社会公开",
        ),
        Clause("R018", QINGHE, "年度计划、实施方案、抽查结果及后续处理结果要及时向社会公开"),
        Clause("R021", COUNTY, "抽查检查模式"),
        Clause(
            "R027",
            COUNTY,
            "全面推行“一业一查”综合监管模式，合理确定部门联合抽查的检查事项和发起、参与部门",
        ),
        Clause("R028", COUNTY, "推动行业主管部门统一发起双随机部门联合抽查任务"),
        Clause("R030", YANGCHENG_2021, "确保与相关部门联合抽查“能联尽联、应联必联”"),
        Clause("R032", COUNTY, "10% 次/年"),
        Clause("R033", COUNTY, "对低风险、一般风险、较高风险、高风险企业分别递加比例抽查"),
        Clause("R034", YANGCHENG, "对市场主体的抽查采用企业信用风险分类应为100%"),
        Clause("R035", YANGCHENG, "要根据企业信用风险分类结果，结合行业监管风险分类"),
        Clause(
            "R036",
            YANGCHENG,
            "除监管对象库低于3户的按100%抽取外，其余监管对象抽取时按不得低于3户的比例合理确定",
        ),
        Clause(
            "R037",
            YANGCHENG_2021,
            "对重点检查事项、重要监管领域及高风险主体要通过加大比例和频次等监管措施，守住安全底线",
        ),
        Clause(
            "R038",
            YANGCHENG_2021,
            "对不同信用风险等级的主体，实施差异化抽查，充分体现“无事不扰”、“有事必查”",
        ),
        Clause(
            "R041",
            YANGCHENG_2021,
            "即依托“交通运输局双随机监管工作平台”开展本部门“双随机、一公开”抽查工作",
        ),
        Clause("R043", YANGCHENG_2021, "不断完善双随机抽查后续处置机制"),
        Clause(
            "R044",
            COUNTY,
            "会同参与部门，通过公开、公正的方式从检查对象名录库中随机抽取联合检查对象",
        ),
        Clause(
            "R045",
            COUNTY,
            "并综合考虑所辖区域地理环境、人员配备、业务专长、保障水平等实际情况随机匹配执法检查人员",
        ),
        Clause("R048", PINGLUO, "每个单位最少2名执法人员"),
        Clause(
            "R050",
            PINGLUO,
            "联合部门将执法人员信息提供给县交通运输局，由交通运输局负责抽取和匹配抽查工作",
        ),
        Clause("R057", PINGLUO, "使广大企业知晓配合抽查的义务和相关权利"),
        Clause(
            "R069",
            YANGCHENG_2021,
            "坚决克服检查走过场、纸上填报、结果录入错误等不认真履行检查职责的现象",
        ),
        Clause(
            "R074",
            YANGCHENG,
            "在完成“双随机、一公开”抽查工作后20个工作日内及时将抽查结果录入山西省“双随机、一公开”监管平台",
        ),
        Clause(
            "R075",
            COUNTY,
            "在完成“双随机、一公开”抽查工作后20个工作日内及时将抽查结果录入山西省“双随机、一公开”监管平台",
        ),
        Clause(
            "R076",
            PINGLUO,
            "在抽查结束后10各工作日内，由检查人员将检查结果通过国家企业信用公示系统（部门协同监管平台）进行录入并公示",
        ),
        Clause("R077", YANGCHENG, "按照“谁检查、谁录入、谁公示”原则"),
        Clause("R079", YANGCHENG, "检查结果一经录入，不得随意修改"),
        Clause("R080", YANGCHENG, "检查结果确有错误的，经分管负责人签字确认后及时更正"),
        Clause("R081", COUNTY, "检查结果确有错误的，经所在单位主要负责人签字确认后及时更正"),
        Clause(
            "R082",
            YANGCHENG,
            "检查结果将自动记于企业名下，并通过国家企业信用信息公示系统（山西）向社会公示",
        ),
        Clause("R083", YANGCHENG, "要求检查结果录入率、检查结果公示率双100%"),
        Clause(
            "R088",
            YANGCHENG_2021,
            "重点强化对抽查计划的落实、按时限完成结果录入、发现问题的后续处理等环节的督查",
        ),
        Clause("R086", QINGHE, "河北双随机执法监管平台"),
        Clause("R087", PINGLUO, "公开抽查依据、抽查主体、抽查内容、抽查方式"),
        Clause(
            "R089",
            COUNTY,
            "依法作出是否予以行政处罚、移送其他行政机关、移送司法机关等决定，并负责将处理结果进行公示",
        ),
        Clause(
            "R091",
            YANGCHENG_2021,
            "依法定程序及时移交有处置权限的机构和相关部门，涉嫌犯罪的及时移送司法机关，确保监管闭环",
        ),
        Clause("R093", PINGLUO, "将随机联合检查的情况及查处结果告知被抽查对象，防止监管脱节"),
        Clause("R096", QINGHE, "要积极推行随机抽查回访机制，提升随机抽查问题发现率"),
        Clause("R103", QINGHE, "每月 20 日前将月报表"),
        Clause("R120", QINGHE, "加强组织随机抽查前的业务培训力度"),
        Clause("R108", QINGHE, "（不含省级分派任务）"),
        Clause("R102", PINGLUO, "抽查结束后10日内将相关资料报牵头单位"),
        Clause(
            "R097",
            YANGCHENG_2021,
            "要加大对抽查检查结果的统计分析，运用基于信用风险指数变化的预警功能",
        ),
        Clause("R099", QINGHE, "积极推进企业信用风险监测预警，推动监管关口前移"),
        Clause(
            "R109",
            YANGCHENG_2021,
            "在实现随机抽查占比不低于3%、抽查检查结果100%公示的前提下",
        ),
        Clause("R110", QINGHE, "联合抽查次数占随机抽查总次数的比例不低于 60%"),
        Clause("R111", QINGHE, "部门联合抽查户数占随机抽查总户数的比例不低于 50%"),
        Clause(
            "R112",
            QINGHE,
            "运用信用风险分级分类开展的抽查次数占抽查企业总次数的比例不低于 90%",
        ),
        Clause(
            "R113",
            YANGCHENG,
            "成立以局长为组长，分管领导为副组长，相关股所负责人为成员的双随机抽查工作领导小组",
        ),
        Clause("R114", YANGCHENG, "领导小组下设办公室，办公室设在局法制办"),
        Clause("R115", YANGCHENG_2021, "局法制办要充分发挥好牵头作用"),
        Clause("R126", PINGLUO, "完成时间：2018年12月21日-2018年12月31日"),
        Clause(
            "R127",
            PINGLUO,
            "使社会公众了解并主动参与抽查活动，积极举报企业违法经营行为",
        ),
    )
}
