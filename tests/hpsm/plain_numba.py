"""One of the programs that HPSM-1 is compared with: scheme F as one numba function. usage: plain_numba.py REPETITIONS RUNS [f64] [fast]"""
import sys,time,math,numpy as np,numba as nb, workload as H
from workload import *
reps=int(sys.argv[1]); nmc=int(sys.argv[2]); fast=(len(sys.argv)>3 and sys.argv[3]=="fast")
@nb.njit(fastmath=fast)
def session(C,G,pa,pg,q,wb,T0,m,LUT,ticks):
    T=T0.copy(); iC=0.01/C; F=np.empty(NC+1); Ts=Tw=Tc=TAMB; i=0.;w=0.;th=0.;I=0.;duty=0.;lock=False;locks=0;mI=0.;mr=0.
    cem=0.;om=0.;eh=0.;pf=-1e9;pb=-1e9;pw=-1e9;em=0.
    for n in range(ticks):
        if n%10==0:
            R=R25N*m[1]*math.exp(BN*m[2]*(1/(Ts+273.15)-1/298.15)); c=min(4095,max(0,int(math.floor(4096*R/(R+RPU))))); Tm=LUT[c]
            if not lock and Tm>=T_TRIP: lock=True; locks+=1
            elif lock and Tm<=T_CLEAR: lock=False
            if lock: I=0.;duty=0.
            else:
                e=SP_H-Tm;u=KP_H*e+I
                if (u<1 or e<0) and (u>0 or e>0): I+=KI_H*e*.1
                duty=min(1.,max(0.,u))
        tgt=-SP_M if (n//6000)&1 else SP_M; mr+=min(SLEW,max(-SLEW,tgt-mr)); e=mr-math.floor(w/WQ+.5)*WQ; u=KP_M*e+mI
        if (u<1 or e<0) and (u>-1 or e>0): mI+=KI_M*e*.01
        V=VBUS*min(1.,max(-1.,u)); ha=(HAMB0 if n<N_HAMB else HAMB1)*m[5]
        d=0. if lock else (1. if N_STUCK0<=n<N_STUCK1 else duty); P=PMAX*m[0]*d
        Rw=R20*(1+ALPHA*(Tw-20)); inv=1/(1+HM/LM*Rw); t0=TCF+TL0*m[7]/(NG*ETA); s2=0.
        for k in range(10):
            s=min(1.,max(-1.,w*(1/W0))); tl=s*(t0+TL1/(NG*ETA)*math.sin(2*th)); i=(i+HM/LM*(V-KE*w))*inv; w+=HM/JM*(KT*i-BV*w-tl); th+=HM/NG*w; s2+=i*i
        pcu=Rw*s2*.1; tb=wb*T[IB]+(1-wb)*T[IB+1]; x=tb-43
        cem+=DT/60*math.exp(0.6931471805599453*(x if x>=0 else 2*x)); om+=DT*math.exp(LNP-EA_R/(tb+273.15)); eh+=P*DT; em+=pcu*DT
        pf=max(pf,T[0]);pb=max(pb,tb);pw=max(pw,Tw)
        F[0]=P/AREA+ha*(TAMB-T[0])+(Tc-T[0])/(RCH*AREA)
        f1=(Tw-Tc)/RWC; Tw+=DT/CW*(pcu-f1); Ts+=DT/TAU_NTC*(T[0]-Ts); Tc+=DT/CC*(f1-(Tc-TAMB)/RCA-(Tc-T[0])/RCH)
        for j in range(1,NC): F[j]=G[j]*(T[j-1]-T[j])
        F[NC]=G[NC]*(T[NC-1]-TCORE)
        for j in range(NC): T[j]+=iC[j]*(F[j]-F[j+1]+q[j]-pa[j]*(1+pg[j]*min(1.,max(0.,(T[j]-37)*(1/7.))))*(T[j]-TCORE))
    return pf,pb,T[0],wb*T[IB]+(1-wb)*T[IB+1],cem,om,eh,pw,em,locks
def go(run):
    m=H.sample(run); S=H.stack(m); return session(S['C'],S['G'],S['pa'],S['pg'],S['q'],float(S['wb']),S['T0'],m,H.LUT,H.TICKS)
t=time.perf_counter(); m=H.sample(-1); S=H.stack(m); session(S['C'],S['G'],S['pa'],S['pg'],S['q'],float(S['wb']),S['T0'],m,H.LUT,10); print(f"numba {nb.__version__} compile {time.perf_counter()-t:.2f} s fastmath={fast}")
ts=[]
for r in range(reps): t=time.process_time(); o=go(-1); ts.append(time.process_time()-t)
print(f"one session median {np.median(ts)*1e3:.2f} ms min {min(ts)*1e3:.2f} RTF={1800/np.median(ts):.0f}",dict(zip("peak_film peak_basal end_film end_basal cem43 omega e_heat peak_wind e_motor locks".split(),map(float,o))))
if nmc:
    t=time.process_time(); r=[go(k) for k in range(nmc)]; dt=time.process_time()-t; print(f"MC {nmc} runs {dt:.2f} s => {nmc/dt:.1f} sessions/s/core; mean cem43={np.mean([x[4] for x in r]):.5f} max peak_basal={max(x[1] for x in r):.4f}")
