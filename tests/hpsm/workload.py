"""What is fixed of HPSM-1 (see README.md), for the programs in Python. Mirrors workload.h."""
import numpy as np, math
NC=48; TICKS=180000; DT=0.01; HM=0.001
AREA=0.02; PMAX=30.; TAMB=25.; TCORE=37.; C_FILM=1500.; RHOCB=1060.*3770.; TAU_NTC=3.
HAMB0=10.; HAMB1=3.; N_HAMB=90000; N_STUCK0=120000; N_STUCK1=126000
SP_H=46.; KP_H=0.15; KI_H=0.004; T_TRIP=52.; T_CLEAR=44.; R25N=1e4; BN=3950.; RPU=1e4
VBUS=12.; R20=4.; ALPHA=0.00393; LM=0.002; KE=0.03; KT=0.03; JM=1e-5; BV=5e-6; TCF=2e-3; NG=60.; ETA=0.7; TL0=0.6; TL1=0.3; W0=5.
CW=15.; CC=100.; RWC=3.; RCA=10.; RCH=20.; SP_M=188.49555921538759; SLEW=2.; KP_M=0.005; KI_M=0.05; WQ=0.25
LNP=226.78474926986; EA_R=75000.; IB=7
TOL=[0.05,0.01,0.01,0.15,0.30,0.20,0.30,0.20]
M64=(1<<64)-1
def splitmix64(x):
    x=(x+0x9E3779B97F4A7C15)&M64; x=((x^(x>>30))*0xBF58476D1CE4E5B9)&M64; x=((x^(x>>27))*0x94D049BB133111EB)&M64; return x^(x>>31)
def sample(run):
    if run<0: return np.ones(8)
    return np.array([1+TOL[p]*(2*((splitmix64((run*8+p)&M64)>>11)*2.0**-53)-1) for p in range(8)])
def stack(m):
    dx=np.zeros(NC);k=np.ones(NC);rc=np.zeros(NC);om=np.zeros(NC);qm=np.zeros(NC)
    dx[1:6]=.4e-3;k[1:6]=.06*m[3];rc[1:6]=.4e6
    dx[6:8]=40e-6;k[6:8]=.235;rc[6:8]=1200*3590.
    dx[8:24]=125e-6;k[8:24]=.445;rc[8:24]=1200*3300.;om[8:24]=.00125*m[6];qm[8:24]=200
    dx[24:36]=10e-3/12;k[24:36]=.185;rc[24:36]=1000*2674.;om[24:36]=.0005;qm[24:36]=180
    dx[36:]=20e-3/12;k[36:]=.51;rc[36:]=1085*3800.;om[36:]=.0027;qm[36:]=500
    C=rc*dx; C[0]=C_FILM; pa=dx*RHOCB*om; pg=np.zeros(NC); pg[8:24]=4.; q=dx*qm
    r=dx[:-1]/(2*k[:-1])+dx[1:]/(2*k[1:]); r[5]+=1/(200.*m[4]); G=np.zeros(NC+1); G[1:NC]=1/r; G[NC]=2*k[-1]/dx[-1]
    g1=2*k[7]/dx[7]; g2=2*k[8]/dx[8]; wb=g1/(g1+g2)
    Lz=dx[6:].sum(); z=np.cumsum(dx[6:])-dx[6:]/2; T0=np.full(NC,TAMB); T0[6:]=34+3*z/Lz
    return dict(C=C,G=G,pa=pa,pg=pg,q=q,wb=wb,T0=T0)
c=np.arange(4096); x=(c+.5)/4096; LUT=1/(1/298.15+np.log(RPU*x/(1-x)/R25N)/BN)-273.15
class HeatFw:
    def __init__(s): s.I=0.;s.duty=0.;s.lock=False;s.locks=0
    def step(s,Ts,r25,b):
        R=r25*math.exp(b*(1/(Ts+273.15)-1/298.15)); c=min(4095,max(0,int(math.floor(4096*R/(R+RPU))))); Tm=LUT[c]
        if not s.lock and Tm>=T_TRIP: s.lock=True; s.locks+=1
        elif s.lock and Tm<=T_CLEAR: s.lock=False
        if s.lock: s.I=0.;s.duty=0.;return
        e=SP_H-Tm;u=KP_H*e+s.I
        if (u<1 or e<0) and (u>0 or e>0): s.I+=KI_H*e*.1
        s.duty=min(1.,max(0.,u))
class MotFw:
    def __init__(s): s.I=0.;s.r=0.
    def step(s,n,w):
        tgt=-SP_M if (n//6000)&1 else SP_M; s.r+=min(SLEW,max(-SLEW,tgt-s.r)); wm=math.floor(w/WQ+.5)*WQ; e=s.r-wm; u=KP_M*e+s.I
        if (u<1 or e<0) and (u>-1 or e>0): s.I+=KI_M*e*.01
        return VBUS*min(1.,max(-1.,u))
# state vector y: 0..47 T, 48 Ts, 49 Tw, 50 Tcase, 51 i, 52 w, 53 th, 54 cem43, 55 omega
NY=56
def make_rhs(S,m7):
    """plain vectorised-numpy right-hand side, inputs u=(V,P,hamb)"""
    C=S['C'];G=S['G'];pa=S['pa'];pg=S['pg'];q=S['q'];wb=S['wb']; iC=1/C
    def rhs(t,y,V,P,h):
        d=np.empty(NY); T=y[:NC]
        F=np.empty(NC+1); F[0]=P/AREA+h*(TAMB-T[0])+(y[50]-T[0])/(RCH*AREA); F[1:NC]=G[1:NC]*(T[:-1]-T[1:]); F[NC]=G[NC]*(T[-1]-TCORE)
        d[:NC]=(F[:-1]-F[1:]+pa*(1+pg*np.clip((T-37)/7,0,1))*(TCORE-T)+q)*iC
        Tw=y[49];Tc=y[50];i=y[51];w=y[52]; R=R20*(1+ALPHA*(Tw-20))
        d[48]=(T[0]-y[48])/TAU_NTC; d[49]=(i*i*R-(Tw-Tc)/RWC)/CW; d[50]=((Tw-Tc)/RWC-(Tc-TAMB)/RCA-(Tc-T[0])/RCH)/CC
        d[51]=(V-R*i-KE*w)/LM; s=min(1.,max(-1.,w/W0)); d[52]=(KT*i-BV*w-s*(TCF+(TL0*m7+TL1*math.sin(2*y[53]))/(NG*ETA)))/JM; d[53]=w/NG
        tb=wb*T[IB]+(1-wb)*T[IB+1]; x=tb-43; d[54]=2.**(x if x>=0 else 2*x)/60; d[55]=math.exp(LNP-EA_R/(tb+273.15))
        return d
    return rhs
def make_rhs_numba(S,m7):
    import numba as nb
    C=S['C'];G=S['G'];pa=S['pa'];pg=S['pg'];q=S['q'];wb=float(S['wb']); iC=1/C; m7=float(m7)
    @nb.njit(fastmath=True)
    def rhs(t,y,V,P,h):
        d=np.empty(NY); f=P/AREA+h*(TAMB-y[0])+(y[50]-y[0])/(RCH*AREA)
        for j in range(NC):
            fr=G[j+1]*(y[j]-y[j+1]) if j<NC-1 else G[NC]*(y[j]-TCORE)
            g=min(1.,max(0.,(y[j]-37)/7)); d[j]=(f-fr+pa[j]*(1+pg[j]*g)*(TCORE-y[j])+q[j])*iC[j]; f=fr
        Tw=y[49];Tc=y[50];i=y[51];w=y[52]; R=R20*(1+ALPHA*(Tw-20))
        d[48]=(y[0]-y[48])/TAU_NTC; d[49]=(i*i*R-(Tw-Tc)/RWC)/CW; d[50]=((Tw-Tc)/RWC-(Tc-TAMB)/RCA-(Tc-y[0])/RCH)/CC
        d[51]=(V-R*i-KE*w)/LM; s=min(1.,max(-1.,w/W0)); d[52]=(KT*i-BV*w-s*(TCF+(TL0*m7+TL1*math.sin(2*y[53]))/(NG*ETA)))/JM; d[53]=w/NG
        tb=wb*y[IB]+(1-wb)*y[IB+1]; x=tb-43; d[54]=2.**(x if x>=0 else 2*x)/60; d[55]=math.exp(LNP-EA_R/(tb+273.15))
        return d
    rhs(0.,np.zeros(NY)+25,0.,0.,0.); return rhs
def y0(S):
    y=np.zeros(NY); y[:NC]=S['T0']; y[48]=y[49]=y[50]=TAMB; return y
def drive(advance, ticks=TICKS, run=-1, y=None, S=None):
    """event-driven closed loop: firmware in Python, plant advanced 10 ms at a time by advance(y,V,P,h)->y"""
    m=sample(run); S=S or stack(m); y=y0(S) if y is None else y; hf=HeatFw(); mf=MotFw(); o=dict(peak_film=-1e9,peak_basal=-1e9,peak_wind=-1e9,e_heat=0.)
    for n in range(ticks):
        if n%10==0: hf.step(y[48],R25N*m[1],BN*m[2])
        V=mf.step(n,y[52]); h=(HAMB0 if n<N_HAMB else HAMB1)*m[5]
        duty=0. if hf.lock else (1. if N_STUCK0<=n<N_STUCK1 else hf.duty); P=PMAX*m[0]*duty
        o['peak_film']=max(o['peak_film'],y[0]); o['peak_basal']=max(o['peak_basal'],S['wb']*y[IB]+(1-S['wb'])*y[IB+1]); o['peak_wind']=max(o['peak_wind'],y[49]); o['e_heat']+=P*DT
        y=advance(y,V,P,h)
    o.update(end_film=y[0],end_basal=S['wb']*y[IB]+(1-S['wb'])*y[IB+1],cem43=y[54],omega=y[55],locks=hf.locks)
    return {k:float(v) for k,v in o.items()}
