"""One of the programs that HPSM-1 is compared with: numba, W sessions in lock-step, arrays [cell, lane], own polynomials so that the loops over lanes become vector code. usage: expert_numba.py W REPETITIONS"""
import sys,time,math,numpy as np,numba as nb, workload as H
from workload import *
W=int(sys.argv[1]); reps=int(sys.argv[2])
@nb.njit(inline='always',fastmath=True)
def sin2(th):
    y=th*0.6366197723675814; n=np.floor(y+0.5); r=(y-n)*3.141592653589793; z=r*r
    s=r*(1+z*(-1/6+z*(1/120+z*(-1/5040+z*(1/362880+z*(-1/39916800+z/6227020800.)))))); h=n*0.5; return s*(1-4*(h-np.floor(h)))
@nb.njit(fastmath=True)
def run(iC,G,pa,pg,q,wb,T,m,LUT,ticks):
    F=np.empty((NC+1,W)); Ts=np.full(W,TAMB);Tw=Ts.copy();Tc=Ts.copy(); z=np.zeros(W); i=z.copy();w=z.copy();th=z.copy();I=z.copy();duty=z.copy();lock=z.copy();mI=z.copy();mr=z.copy();cem=z.copy();om=z.copy();eh=z.copy();pf=z-1e9;pb=z-1e9;V=z.copy();inv=z.copy();t0=z.copy();s2=z.copy();Rw=z.copy(); locks=0
    for n in range(ticks):
        if n%10==0:
            for l in range(W):
                R=R25N*m[1,l]*math.exp(BN*m[2,l]*(1/(Ts[l]+273.15)-1/298.15)); c=min(4095,max(0,int(math.floor(4096*R/(R+RPU))))); Tm=LUT[c]
                if lock[l]<.5 and Tm>=T_TRIP: lock[l]=1.;locks+=1
                elif lock[l]>.5 and Tm<=T_CLEAR: lock[l]=0.
                if lock[l]>.5: I[l]=0.;duty[l]=0.
                else:
                    e=SP_H-Tm;u=KP_H*e+I[l]
                    if (u<1 or e<0) and (u>0 or e>0): I[l]+=KI_H*e*.1
                    duty[l]=min(1.,max(0.,u))
        tgt=-SP_M if (n//6000)&1 else SP_M; ha=HAMB0 if n<N_HAMB else HAMB1; stuck=N_STUCK0<=n<N_STUCK1
        for l in range(W):
            r=mr[l]+min(SLEW,max(-SLEW,tgt-mr[l])); mr[l]=r; e=r-np.floor(w[l]/WQ+.5)*WQ; u=KP_M*e+mI[l]; ok=((u<1)|(e<0))&((u>-1)|(e>0)); mI[l]+=KI_M*e*.01 if ok else 0.
            V[l]=VBUS*min(1.,max(-1.,u)); Rw[l]=R20*(1+ALPHA*(Tw[l]-20)); inv[l]=1/(1+HM/LM*Rw[l]); t0[l]=TCF+TL0*m[7,l]/(NG*ETA); s2[l]=0.
        for k in range(10):
            for l in range(W):
                s=min(1.,max(-1.,w[l]*(1/W0))); tl=s*(t0[l]+TL1/(NG*ETA)*sin2(th[l])); i[l]=(i[l]+HM/LM*(V[l]-KE*w[l]))*inv[l]; w[l]=w[l]+HM/JM*(KT*i[l]-BV*w[l]-tl); th[l]=th[l]+HM/NG*w[l]; s2[l]+=i[l]*i[l]
        for l in range(W):
            pcu=Rw[l]*s2[l]*.1; tb=wb*T[IB,l]+(1-wb)*T[IB+1,l]; x=tb-43; cem[l]+=DT/60*math.exp(0.6931471805599453*(x if x>=0 else 2*x)); om[l]+=DT*math.exp(LNP-EA_R/(tb+273.15))
            d=0. if lock[l]>.5 else (1. if stuck else duty[l]); P=PMAX*m[0,l]*d; eh[l]+=P*DT; pf[l]=max(pf[l],T[0,l]);pb[l]=max(pb[l],tb)
            F[0,l]=P/AREA+ha*m[5,l]*(TAMB-T[0,l])+(Tc[l]-T[0,l])/(RCH*AREA); f1=(Tw[l]-Tc[l])/RWC; Tw[l]+=DT/CW*(pcu-f1); Ts[l]+=DT/TAU_NTC*(T[0,l]-Ts[l]); Tc[l]+=DT/CC*(f1-(Tc[l]-TAMB)/RCA-(Tc[l]-T[0,l])/RCH)
        for j in range(1,NC):
            for l in range(W): F[j,l]=G[j,l]*(T[j-1,l]-T[j,l])
        for l in range(W): F[NC,l]=G[NC,l]*(T[NC-1,l]-TCORE)
        for j in range(NC):
            for l in range(W): T[j,l]+=iC[j,l]*(F[j,l]-F[j+1,l]+q[j,l]-pa[j,l]*(1+pg[j,l]*min(1.,max(0.,(T[j,l]-37)*(1/7.))))*(T[j,l]-TCORE))
    return pf,pb,cem,om
ms=[H.sample(-1)]+[H.sample(k) for k in range(W-1)]; Ss=[H.stack(m) for m in ms]; st=lambda k:np.ascontiguousarray(np.stack([s[k] for s in Ss],1)); m=np.ascontiguousarray(np.stack(ms,1))
a=lambda:(0.01/st('C'),st('G'),st('pa'),st('pg'),st('q'),float(Ss[0]['wb']),st('T0'),m,H.LUT)
t=time.perf_counter(); run(*a(),10); tc=time.perf_counter()-t; ts=[]
for r in range(reps): A=a(); t=time.process_time(); o=run(*A,TICKS); ts.append(time.process_time()-t)
med=float(np.median(ts)); print(f"numba {nb.__version__} SoA W={W} compile={tc:.1f}s ms/session={med/W*1e3:.2f} sessions/s/core={W/med:.1f}",o[0][0],o[1][0],o[2][0],o[3][0])
