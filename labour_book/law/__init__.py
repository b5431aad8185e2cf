"""What the LAW says, by date. Pure; every number stands in ``parameters.yaml`` with its source.

What is computed here is information, not a decision. Modelled so far: contributions, retirement
age, pension years and rate, duration and level of the unemployment benefit, severance and job-loss
allowance, support of voluntary insurance, working-day clocks. Left out on purpose: lower retirement
ages (hazardous work, special regions), amounts of pensions and one-time withdrawals, law before the
first value of a parameter.
"""
