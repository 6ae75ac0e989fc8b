"""Made-up files with everything in them that a file can have, and whether two data sets agree."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from bpstudio.core.dataset import Dataset

CASES = {
    "numbers": "a,b,y\n1.5,2,x\n3.25,4,y\n-1e-3,5,x\n",
    "no header": "1.5,2,x\n3.25,4,y\n-1e-3,5,x\n",
    "missing cells": "a,b,y\n1.5,,x\n,4,y\n2.5,NA,x\n3.5,7,y\nnan,8,x\n",
    "no number": "a,b,y\n" + "1.5,2,x\n" * 12 + "low,4,y\n2.5,5.5.5,x\n",
    "spaces and no-break spaces": "a,b,y\n 1.5 ,2\u00a0,x\n2.5,\u00a03, y \n3,4,x\n",
    "infinite and absurd": "a,b,y\n" + "1.5,2,x\n" * 20 + "inf,4,y\n2.5,1e301,x\n-1e400,3,y\n",
    "other not-a-numbers": "a,b,y\n" + "1.5,2,x\n" * 20 + "-nan,4,y\n+NaN,5,x\n2,Infinity,y\n",
    "dashes": "a,b,y\n1.5,-,x\n-,4,y\n2.5,5,x\n",
    "underscores": "a,b_c,y\n" + "1.5,2,x\n" * 12 + "1_2,4,y\n2.5,5,x\n",
    "a signed not-a-number among gaps": "a,b,y\n1.5,,x\n" + "2.5,3,y\n" * 20 + "-nan,4,x\n",
    "few cells in a text": "a,b,y\n,1,1\n,1,1\n-,1,1\n1,1,1\n-,1e301,inf\n",
    "gaps and quotes": 'a,b,y\n1.5,,"x"\n2.5,3,y\n"4",5,x\n',
    "gaps of all kinds": "a,b,y\n1.5,,NA\nN/A,2,y\n2.5,null,x\n?,3.0,\n"
    "#N/A,NaN,y\n3,4,x\nNULL,5,y\n",
    "gaps and surplus fields": "a,b,y\n1.5,,x\n2.5,3,y,\n4,5,x\n",
    "underscores in a text": "a,b_c,y\n" + "1.5,2,x_1\n2.5,3,y\n" * 4,
    "whole numbers with a point": "a,b,y\n1.0,2,x\n3.0,4,y\n5.0,6,x\n",
    "leading zeros and signs": "a,b,y\n007,+2,x\n1,-4,y\n.5,5.,x\n",
    "long digits": "a,b,y\n0.1000000000000000055511151231257827,123456789012345678901,x\n2,3,y\n",
    "subnormal": "a,b,y\n4.9e-324,1e-310,x\n1,2,y\n",
    "ragged": "a,b,y\n1,2,x\n3,4\n5,6,y,7\n8,9,x\n",
    "surplus fields without value": "a,b,y\n1,2,x,\n3,4,y\n8,9,x,,\n5,6,y\n",
    "quoted numbers": 'a,b,y\n"1.5","2",x\n3,"4,5",y\n6,7,"x"\n',
    "cells over lines": 'a,b,y\n1.5,2,"x\nz"\n3,4,y\n"5\n",6,y\n',
    "empty lines": "a,b,y\n\n1,2,x\n\n3,4,y\n",
    "semicolons": "a;b;y\n1.5;2;x\n3;4;y\n",
    "decimal commas": "a;b;y\n1,5;2,0;x\n3,25;4,5;y\n1.5;3;x\n",
    "truth values": "a,b,y\n1,true,x\n2,false,y\n3,TRUE,x\n",
    "an empty column": "a,b,y\n1,,x\n2,,y\n",
    "constant": "a,b,y\n1,2,x\n1,3,y\n",
    "one row": "a,y\n1.5,2\n",
    "hexadecimal and others": "a,b,y\n" + "1,2,x\n" * 12 + "0x1F,1e,y\n1 2,٣,x\n",
    "numbers that begin late": "a,b,y\n" + "1,,x\n2,NA,y\n" * 3 + "3,low,x\n4,high,y\n",
    "a code after the start": "a,b,y\n" + "1,2,x\n2,3,y\n" * 6 + "1,q,x\n" * 9,
    "odd rows first and last": "a,b,y\nlow,1,u\n" + "1.5,2,x\n3,4,z\n" * 12 + "2,q,v\n5,low,w",
    "odd rows, empty lines and carriage returns": "a,b,y\r\n"
    + "1.5,2,x\r\n3,4.5,z\r\n" * 12
    + "\r\n\r\nlow,1,u\r\n\r\nhigh,NA,v\r\n3,,w\r\n",
    "odd rows among decimal commas": "a;b;y\n"
    + "1,5;2;x\n" * 20
    + "1.5;3;y\nlow;4,5;z\n;7;x\n1.000,5;8;u\n7;;y\n1,2,3;1;x\n",
    "odd rows and quotes": "a,b,y\n" + '1.5,2,"x"\n"3",4,"z"\n' * 12 + 'low,1,"u, v"\n,2,"w"\n',
    "gaps that come late": "a,b,y\n" + "1.5,2,x\n3,4,z\n" * 12 + ",1,u\n5,,v\nNA,?,w\n5, ,u\n",
    "a fraction in an odd row": "a,b,y\n" + "1,2,x\n3,4,z\n" * 12 + "5.5,low,u\n6.0,7,x\n",
    "odd rows of few texts": "a,b,y\n" + "1,2,x\n3,4,\n" * 12 + "q,5, x \n7,q,\n",
    "a fraction after the start": "a,b,y\n" + "1,2,x\n2,3,y\n" * 6 + "1.5,2.0,x\n",
}


def same(one: object, other: object) -> bool:
    """Whether two data sets, or what was refused, agree to the bit."""
    if not isinstance(one, Dataset) or not isinstance(other, Dataset):
        return str(one) == str(other)
    return all(_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(Dataset))


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        layout = one.flags.c_contiguous == other.flags.c_contiguous
        return layout and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if hasattr(one, "shift"):
        return all(_same(getattr(one, k), getattr(other, k)) for k in ("kind", "shift", "scale"))
    return one == other
